"""Static files with hashed names, and the import map by which modules find each other."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.templatetags.static import static
from rjsmin import jsmin

Paths = dict[str, tuple[Storage, str]]


class HashedStaticStorage(ManifestStaticFilesStorage):
    """Names with a hash, so that browsers keep files for ever and never mix two releases.

    A file that is missing from the manifest keeps its plain name: tests and a first
    `runserver` work before anything was collected.
    """

    manifest_strict = False

    def post_process(self, paths: Paths, dry_run: bool = False, **options: Any) -> Any:
        """Make our modules small before they are hashed: comments are for those who read the
        source, and are a fifth of what a browser would load."""
        small = {
            name: (SmallSource(storage) if name.endswith(".js") else storage, path)
            for name, (storage, path) in paths.items()
        }
        return super().post_process(small, dry_run, **options)

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name


class SmallSource:
    """A storage whose scripts are read without comments and needless space."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> "File[bytes]":
        with self._storage.open(path) as file:
            return ContentFile(jsmin(file.read()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


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
