"""The one way from the event loop to the database.

Channels and Django send database work through a single thread of the whole process, where one
slow query delays every socket. The sockets' own work goes through these few threads instead, each
with its own connection.

What only reads waits for nobody's lock, and has threads that nothing else uses: however many
writes wait, people come in and are told what is new.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from django.db import InterfaceError, OperationalError, connections
from django.utils.translation import get_language, override

from realtime_project.live import metrics

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
AWAY = (OperationalError, InterfaceError)
"""What is raised while the database is away, or somebody else holds a lock for too long."""

_readers = ThreadPoolExecutor(THREADS, thread_name_prefix="live-reading")
_writers = ThreadPoolExecutor(THREADS, thread_name_prefix="live-writing")
_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that reads with the ORM, off the event loop. It starts and ends without a
    transaction of its own; its exceptions are raised here."""
    return await _run(_readers, lambda: tidily(function, *args, **kwargs))


async def write_in_database(
    stream: str, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run a function that changes a stream, given by its key, off the event loop.

    One at a time for each stream: they would wait for each other's lock all the same, and each
    would hold a thread meanwhile. So a room that somebody locks costs one thread and not all.
    """
    async with _turns.setdefault(stream, asyncio.Lock()):
        return await _run(_writers, lambda: tidily(function, *args, **kwargs))


def waiting() -> int:
    """Return how many functions wait for a thread."""
    return _readers._work_queue.qsize() + _writers._work_queue.qsize()


def pool() -> Mapping[str, int] | None:
    """Return how the process's connections to the database are used, where they are pooled."""
    connection = connections["default"]
    if "pool" not in connection.settings_dict["OPTIONS"]:
        return None
    stats = connection.pool.get_stats()  # type: ignore[attr-defined]
    idle = stats.get("pool_available", 0)
    waiting = stats.get("requests_waiting", 0)
    return {"used": stats.get("pool_size", 0) - idle, "idle": idle, "wanted": waiting}


def is_locked(error: Exception) -> bool:
    """Whether somebody else held a lock for longer than one waits for it."""
    cause = error.__cause__
    return (
        getattr(cause, "sqlstate", None) == "55P03"  # lock_not_available
        or getattr(cause, "sqlite_errorname", None) == "SQLITE_BUSY"
    )


async def _run(threads: ThreadPoolExecutor, work: Callable[[], T]) -> T:
    language = get_language()  # A refusal is worded where it is raised.
    timed = Timed(lambda: _in(language, work))
    try:
        return await asyncio.get_running_loop().run_in_executor(threads, timed)
    finally:
        timed.count()


def _in(language: str | None, work: Callable[[], T]) -> T:
    with override(language):
        return work()


class Timed(Generic[T]):
    """A function that a thread runs, and when. It is counted on the loop, which alone counts."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._asked = time.perf_counter()
        self._began = self._ended = 0.0

    def __call__(self) -> T:
        self._began = time.perf_counter()
        try:
            return self._function()
        finally:
            self._ended = time.perf_counter()

    def count(self) -> None:
        if self._ended:  # otherwise nobody waits for it any more
            metrics.database_wait_seconds.observe(self._began - self._asked)
            metrics.database_run_seconds.observe(self._ended - self._began)


def tidily(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function in a thread that stays, and leave no connection open that grows old."""
    try:
        return function(*args, **kwargs)
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.vendor == "sqlite":
                # Opening the file again costs as much as a query. These threads are few and
                # stay, unlike those of requests, whose connections end with them.
                connection.close_at = None
            connection.close_if_unusable_or_obsolete()
