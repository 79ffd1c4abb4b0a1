"""Static files with hashed names, and the import map by which modules find each other."""

import gzip
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.templatetags.static import static

_COMMENTS = re.compile(rb"^[ \t]*(?:/\*.*?\*/|//[^\n]*)[ \t]*\n", re.DOTALL | re.MULTILINE)
COMPRESSIBLE = {".css", ".js", ".json", ".svg", ".txt"}
PACKINGS: dict[str, Callable[[bytes], bytes]] = {
    ".gz": partial(gzip.compress, mtime=0),
    ".br": brotli.compress,
}
Paths = dict[str, tuple[Storage, str]]
# Of a file: its name, the one with its hash, and whether that was made, or what went wrong.
Processed = tuple[str, str, bool] | tuple[str, None, RuntimeError]


class HashedStaticStorage(ManifestStaticFilesStorage):
    """Names with a hash, so that browsers keep files for ever and never mix two releases.

    A file that is missing from the manifest keeps its plain name: tests and a first
    `runserver` work before anything was collected.
    """

    manifest_strict = False

    def post_process(
        self, paths: Paths, dry_run: bool = False, **options: Any
    ) -> Iterator[Processed]:
        """Make our modules small before they are hashed: comments are for those who read the
        source, and are a fifth of what a browser would load. Then keep each file compressed beside
        itself, for whoever hands it out."""
        small = {
            name: (UncommentedSource(storage) if name.startswith("js/") else storage, path)
            for name, (storage, path) in paths.items()
        }
        for done in super().post_process(small, dry_run, **options):
            if done[1]:
                compress(Path(self.path(done[1])))
            yield done

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name


class UncommentedSource:
    """A storage whose scripts are read without the comments that have lines of their own. All of
    ours have. What else stands in a line may be part of a template, where every space counts."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> "File[bytes]":
        with self._storage.open(path) as file:
            return ContentFile(_COMMENTS.sub(b"", file.read()))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._storage, name)


def compress(path: Path) -> None:
    """Write `path` again as `.gz` and `.br`, where that makes it smaller.

    A file that has its hash in its name is never another one, so that a second run leaves alone
    what is there: somebody may be reading it. For the same reason it appears in one step.
    """
    if path.suffix not in COMPRESSIBLE:
        return
    for suffix, pack in PACKINGS.items():
        target = path.with_name(f"{path.name}{suffix}")
        if not target.exists():
            _write_packed(target, path.read_bytes(), pack)


def _write_packed(target: Path, text: bytes, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(text)
    if len(packed) < len(text):
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_bytes(packed)
        draft.replace(target)


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
