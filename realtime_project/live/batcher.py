"""Group commit: what arrives while a key is being written goes into its next transaction.

One transaction a message costs a lock, a commit and a sync of the disk each. Under load they
share these; at rest a single one is written at once and waits for nobody.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

from realtime_project.live import metrics

Key = TypeVar("Key", bound=Hashable)
Item = TypeVar("Item")
Result = TypeVar("Result")

MAX_BATCH = 100

Write = Callable[[Key, Sequence[Item]], Awaitable[Sequence[Result | Exception]]]
"""Writes items of one key in their order; returns for each its result or what refused it."""


class Batcher(Generic[Key, Item, Result]):
    """One writer for each key at a time; keys are written side by side.

    The items of a key are written in the order in which they were given.
    """

    def __init__(self, write: Write[Key, Item, Result]) -> None:
        self._write = write
        self._waiting: dict[Key, deque[tuple[Item, asyncio.Future[Result]]]] = {}

    async def add(self, key: Key, item: Item) -> Result:
        """Have an item written and return its result, or raise what refused it."""
        done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        if key in self._waiting:
            self._waiting[key].append((item, done))
        else:
            self._waiting[key] = deque([(item, done)])
            task = asyncio.ensure_future(self._write_all(key))
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
        return await done

    async def _write_all(self, key: Key) -> None:
        waiting = self._waiting[key]
        try:
            while waiting:
                batch = [waiting.popleft() for _ in range(min(MAX_BATCH, len(waiting)))]
                metrics.commit_size.observe(len(batch))
                results = await self._results(key, [item for item, _ in batch])
                for (_, done), result in zip(batch, results, strict=True):
                    _settle(done, result)
        finally:
            # Whatever happened, who comes next starts a writer of their own.
            del self._waiting[key]
            for _, done in waiting:
                done.cancel()

    async def _results(self, key: Key, items: Sequence[Item]) -> Sequence[Result | Exception]:
        try:
            return await self._write(key, items)
        except Exception as error:  # noqa: BLE001 (raised where each item was added)
            return [error] * len(items)


def _settle(done: "asyncio.Future[Result]", result: Result | Exception) -> None:
    if done.done():
        return  # whoever asked has gone; the item is written all the same
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)


_tasks: set[asyncio.Future[None]] = set()
