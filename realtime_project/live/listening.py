"""How a worker stops listening without turning away anybody who has already reached it."""

import asyncio
import select
from contextlib import suppress
from pathlib import Path
from socket import AF_UNIX
from typing import Any

LAST_SECONDS = 1.0
SETTLING_SECONDS = 0.1


async def leave(port: Any) -> None:
    """Take in who waits at a listening socket of Twisted's, then close it.

    Closing it at once would reset whoever the kernel has connected and nobody has accepted yet;
    a proxy may not repeat a form that it has sent. The name of a unix socket is taken away first,
    so that nobody comes after them.
    """
    if port.socket.family == AF_UNIX:
        _refuse_callers(Path(port.socket.getsockname()))
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_SECONDS):
            while _has_callers(port):  # noqa: ASYNC110 (Twisted takes them in)
                await asyncio.sleep(0)
    port.stopListening()
    # What they ask for is read in the next turns of the loop.
    await asyncio.sleep(SETTLING_SECONDS)


def _refuse_callers(path: Path) -> None:
    """Put a file where the socket is: nobody can connect to that. Twisted removes what it finds
    there when it closes the socket, and would stumble over finding nothing."""
    with suppress(OSError):
        placeholder = path.with_name(f"{path.name}.leaving")
        placeholder.touch()
        placeholder.replace(path)


def _has_callers(port: Any) -> bool:
    return bool(select.select([port.socket], [], [], 0)[0])
