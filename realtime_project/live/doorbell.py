"""The doorbell: how other processes of this machine tell the one that serves, without a broker.

A unix datagram socket in the installation's folder, which only the installation's own user may
write to. What is told there is a hint like any other: nobody waits long for it, and what is lost
is found by the check. The process that does jobs has one too, at which all others ask it to look.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

# The kernel refuses to send more than half of this at once, so that nothing arrives cut.
MAX_BYTES = 256 * 1024
RING_SECONDS = 1.0
# Of an address, with the zero byte at its end: 108 on Linux, 104 elsewhere.
MAX_PATH_BYTES = 103
SERVER, JOBS = "doorbell", "jobs-doorbell"


async def answer(hear: Callable[[bytes], None]) -> None:
    """Hear what is told to this process, until cancelled. Rubbish harms nobody."""
    try:
        bell = _hang(_path(SERVER))
    except OSError as error:
        logger.warning("There is no doorbell, changes by commands arrive later: %r", error)
        return
    bell.setblocking(False)
    with closing(bell):
        while True:
            told = await asyncio.get_running_loop().sock_recv(bell, MAX_BYTES)
            try:
                hear(told)
            except Exception as error:  # noqa: BLE001 (whatever was made of it, go on)
                logger.warning("The doorbell rang for nothing: %r", error)
            # What lies ready is received without waiting, and others have a turn as well.
            await asyncio.sleep(0)


def ring(*news: bytes) -> None:
    """Tell the process that serves, if there is one. When it does not take one of these the rest
    is not tried."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as caller:
        # A queue that is full empties soon, unless its process is stopped.
        caller.settimeout(RING_SECONDS)
        try:
            with _address(_path(SERVER)) as address:
                for one in news:
                    caller.sendto(one, address)
        except OSError as error:
            logger.debug("Nobody answered the doorbell: %r", error)


def hang_for_jobs() -> socket.socket:
    """Make the doorbell of the process that does jobs. Whoever made one before hears no more."""
    return _hang(_path(JOBS))


def nudge(job: str) -> None:
    """Ask the process that does jobs to look whether there is something to do. Nobody waits for
    it: where its queue is full it has been asked, and where it is away it looks when it is back."""
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as caller, suppress(OSError):
        caller.setblocking(False)
        with _address(_path(JOBS)) as address:
            caller.sendto(job.encode(), address)


def _hang(path: Path) -> socket.socket:
    """Make the socket, in place of one that a crash has left behind.

    The lock on the installation says that no other process serves. Made aside and renamed, the
    socket is never there without being closed to other users.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    bell = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        with _address(draft) as address:
            bell.bind(address)
        draft.chmod(0o600)
        draft.rename(path)
    except BaseException:
        bell.close()
        draft.unlink(missing_ok=True)
        raise
    return bell


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """A name for the path that is short enough for the kernel, where there is one."""
    if len(os.fsencode(path)) <= MAX_PATH_BYTES:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _path(name: str) -> Path:
    path: Path = settings.VAR / name
    return path
