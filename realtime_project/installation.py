"""Files that belong to one installation: its folder and the secrets made on its first run."""

import os
import secrets
from pathlib import Path


def folder(path: Path) -> Path:
    """Return the installation's folder. Where it is missing it is made, closed to other users."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(path: Path, size: int = 50) -> str:
    """Return the secret kept in `path`, made on first use of so many bytes and readable by its
    owner only."""
    if not path.exists():
        _create(path, secrets.token_urlsafe(size))
    return path.read_text().strip()


def _create(path: Path, text: str) -> None:
    # Written aside and linked into place: of two processes that start at once one wins,
    # and neither ever reads a file that is half written.
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
