"""An event loop whose time the test plays: it passes only when it is let, and then at once."""

import asyncio
import selectors
from typing import Any


class Clock:
    """Stands for the `time` module where a part of the kernel asks what time it is."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.until = 1000.0

    def monotonic(self) -> float:
        return self.now

    def perf_counter(self) -> float:
        return self.now


class PlayedLoop(asyncio.SelectorEventLoop):
    """Runs until nothing is left to do before a moment, without waiting for it."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(_Selector(self, clock))
        self._clock = clock

    def time(self) -> float:
        return self._clock.now

    def play(self, seconds: float = 0.0) -> None:
        """Do everything that happens within the next seconds."""
        self._clock.until = self._clock.now + seconds
        self.run_forever()


class _Selector(selectors.SelectSelector):
    # The loop asks its selector to wait when it has nothing to do: that is when time passes.
    def __init__(self, loop: PlayedLoop, clock: Clock) -> None:
        super().__init__()
        self._loop = loop
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[Any]:
        events = super().select(0)
        if events or (timeout is not None and timeout <= 0):
            return events
        left = self._clock.until - self._clock.now
        if timeout is None or timeout > left:
            self._clock.now = self._clock.until
            self._loop.stop()
        else:
            self._clock.now += timeout
        return events
