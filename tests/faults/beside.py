"""An event loop beside a test, so that the test can kill servers in plain words meanwhile."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


class Beside:
    """Runs coroutines in a thread of its own, and ends them with it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._runs: list[Future[Any]] = []

    @contextmanager
    def running(self) -> Iterator[None]:
        thread = Thread(target=self.loop.run_forever, daemon=True)
        thread.start()
        try:
            yield
            self._raise_faults()
        finally:
            asyncio.run_coroutine_threadsafe(_end_all(), self.loop).result(60)
            self.loop.call_soon_threadsafe(self.loop.stop)
            thread.join()
            self.loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        run = asyncio.run_coroutine_threadsafe(work, self.loop)
        self._runs.append(run)
        return run

    def _raise_faults(self) -> None:
        """A mistake of the test's own must not look like silence."""
        for run in self._runs:
            if run.done() and not run.cancelled():
                run.result()


async def _end_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
