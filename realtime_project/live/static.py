"""Static files with hashed names, and the import map by which modules find each other."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.templatetags.static import static


class HashedStaticStorage(ManifestStaticFilesStorage):
    """Names with a hash, so that browsers keep files for ever and never mix two releases.

    A file that is missing from the manifest keeps its plain name: tests and a first
    `runserver` work before anything was collected.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name


def import_map() -> dict[str, Any]:
    """Return the import map: every module of ours as `#folder/name`, and the vendored ones.

    Modules are imported by these bare names only. A relative import would load a second copy of
    a module beside its hashed one.
    """
    if settings.DEBUG:
        return _read_import_map()
    return _cached_import_map()


@cache
def _cached_import_map() -> dict[str, Any]:
    return _read_import_map()


def _read_import_map() -> dict[str, Any]:
    root: Path = settings.BASE_DIR / "static"
    ours = {
        f"#{path.relative_to(root / 'js').with_suffix('').as_posix()}": static(
            path.relative_to(root).as_posix()
        )
        for path in sorted((root / "js").rglob("*.js"))
    }
    manifest = json.loads((root / "vendor" / "manifest.json").read_text())
    vendored = {
        name: static(f"vendor/{entry['file']}")
        for name, entry in manifest.items()
        if entry["file"].endswith(".js")
    }
    return {"imports": ours | vendored}
