"""One process for an installation without a broker: a second one would share nothing with it."""

import fcntl
from pathlib import Path
from typing import IO

from django.conf import settings

_held: IO[str] | None = None


class AlreadyRunning(Exception):
    """Another process serves this installation."""


def hold_unless_shared(path: Path) -> None:
    """Hold the installation, where no broker lets several processes share it."""
    if not settings.REDIS_URL:
        hold(path)


def hold(path: Path) -> None:
    """Hold the installation until this process ends, or raise AlreadyRunning.

    The kernel lets go of the lock when the process dies, however it dies.
    """
    global _held
    if _held is not None:
        return
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyRunning(
            f"Another process already serves the installation in {path.parent}. "
            "Without a broker there can be only one: stop the other one first."
        ) from error
    _held = file
