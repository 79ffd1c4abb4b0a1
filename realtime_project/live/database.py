"""The one way from the event loop to the database.

Channels and Django send database work through a single thread of the whole process, where one
slow query delays every socket. The sockets' own work goes through these few threads instead, each
with its own connection.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, ParamSpec, TypeVar

from django.db import connections

from realtime_project.live import metrics

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that uses the ORM, off the event loop. It starts and ends without a
    transaction of its own; its exceptions are raised here."""
    timed = Timed(lambda: _tidily(function, *args, **kwargs))
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, timed)
    finally:
        timed.count()


def waiting() -> int:
    """Return how many functions wait for a thread."""
    return _threads._work_queue.qsize()


def pool() -> Mapping[str, int] | None:
    """Return how the process's connections to the database are used, where they are pooled."""
    connection = connections["default"]
    if "pool" not in connection.settings_dict["OPTIONS"]:
        return None
    stats = connection.pool.get_stats()  # type: ignore[attr-defined]
    idle = stats.get("pool_available", 0)
    waiting = stats.get("requests_waiting", 0)
    return {"used": stats.get("pool_size", 0) - idle, "idle": idle, "wanted": waiting}


def close_connections() -> None:
    """Close the threads' connections and end the threads; new ones start when they are needed."""
    global _threads
    ended, _threads = _threads, ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")
    for work in [ended.submit(_close_all) for _ in range(THREADS)]:
        work.result()
    ended.shutdown()


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


def _tidily(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    try:
        return function(*args, **kwargs)
    finally:
        for connection in connections.all(initialized_only=True):
            if connection.vendor == "sqlite":
                # Opening the file again costs as much as a query. These threads are few and
                # stay, unlike those of requests, whose connections end with them.
                connection.close_at = None
            connection.close_if_unusable_or_obsolete()


def _close_all() -> None:
    connections.close_all()
