"""What apps do within every process that serves sockets, for as long as it lives.

An app declares it in its `residents.py`, which is found by name as `jobs.py` is. Our server begins
them when it listens; behind another one they begin with the first request. What is built around a
part of the application, as tests do, is left alone.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from django.utils.module_loading import autodiscover_modules

from realtime_project.live.database import AWAY
from realtime_project.live.exposition import Application, Receive, Scope, Send
from realtime_project.live.transport import EXTENSION

logger = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0
FINISH_SECONDS = 3.0

Resident = Callable[[], Awaitable[None]]

_residents: list[Resident] = []


def resident(live: Resident) -> Resident:
    """Declare a coroutine function that runs in each worker, once it knows its streams. What
    fails is begun again; cancelled it has three seconds to put away what it holds."""
    _residents.append(live)
    return live


class Residents:
    """Those of one process, from `begin` to `end`."""

    def __init__(self, ready: Resident) -> None:
        self._ready = ready
        self._tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        """Let all of them live, on the running event loop."""
        autodiscover_modules("residents")
        self._tasks = [asyncio.ensure_future(self._house(live)) for live in _residents]

    async def end(self) -> None:
        """Let them finish."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)

    @property
    def have_begun(self) -> bool:
        return bool(self._tasks)

    async def _house(self, live: Resident) -> None:
        while True:
            try:
                await self._ready()
                await live()
            except AWAY as error:
                logger.warning("A resident waits for the database: %r", error)
            except Exception:
                logger.exception("A resident failed, and begins again")
            await asyncio.sleep(AGAIN_SECONDS)


def with_residents(application: Application, ready: Resident) -> Application:
    """Wrap the whole application, for servers that know of no residents and do not end them."""
    residents = Residents(ready)

    async def housed(scope: Scope, receive: Receive, send: Send) -> None:
        if not residents.have_begun and EXTENSION not in (scope.get("extensions") or {}):
            residents.begin()
        await application(scope, receive, send)

    return housed
