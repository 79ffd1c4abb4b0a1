"""How late the event loop is: a timer that looks how much later it was called than it asked."""

import asyncio
import time

from realtime_project.live import metrics

INTERVAL_SECONDS = 0.1


class Lag:
    """Measures one event loop, ten times a second."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._due = 0.0
        self._ask()

    def _ask(self) -> None:
        self._due = time.monotonic() + INTERVAL_SECONDS
        self._timer = self._loop.call_later(INTERVAL_SECONDS, self._look)

    def _look(self) -> None:
        metrics.loop_lag_seconds.observe(max(0.0, time.monotonic() - self._due))
        self._ask()
