"""The one way from the event loop to the database.

Channels and Django send database work through a single thread of the whole process, where one
slow query delays every socket. The sockets' own work goes through these few threads instead, each
with its own connection.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import connections

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 4
_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a function that uses the ORM, off the event loop. It starts and ends without a
    transaction of its own; its exceptions are raised here."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_threads, lambda: _tidily(function, *args, **kwargs))


def close_connections() -> None:
    """Close the threads' connections and end the threads; new ones start when they are needed."""
    global _threads
    ended, _threads = _threads, ThreadPoolExecutor(THREADS, thread_name_prefix="live-database")
    for work in [ended.submit(_close_all) for _ in range(THREADS)]:
        work.result()
    ended.shutdown()


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
