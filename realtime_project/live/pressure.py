"""What becomes of a client that does not take what is written for it.

Twisted tells when more than 64 KiB wait for a peer (`pauseProducing`) and when they are gone
(`resumeProducing`). A client that stays stuck is told goodbye, and cut off when it does not even
take that.
"""

import asyncio
from abc import abstractmethod

from realtime_project.live import metrics
from realtime_project.live.codes import CloseCode
from realtime_project.live.transport import Transport

STUCK_SECONDS = 20.0
CLOSING_SECONDS = 2.0


class PressedTransport(Transport):
    """A transport that Twisted tells how much waits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_congested = False
        self._stuck: asyncio.TimerHandle | None = None

    @property
    def is_writable(self) -> bool:
        return self.is_open and not self._is_congested

    def abandon(self) -> None:
        self.is_open = False
        self._cancel_stuck()

    def pauseProducing(self) -> None:
        """More waits than the peer takes: nothing more is written for it."""
        self._is_congested = True
        metrics.slow_readers.by["congested"] += 1
        self._stuck = self._loop.call_later(STUCK_SECONDS, self._give_up)

    def resumeProducing(self) -> None:
        """The peer has taken what waited."""
        self._is_congested = False
        self._cancel_stuck()
        if self.is_open:
            self.on_writable()

    def stopProducing(self) -> None:
        """The connection is lost."""
        self.abandon()

    @abstractmethod
    def _abort(self) -> bool:
        """End the connection, whatever waits; returns whether there was one."""

    def _cut_off_soon(self) -> None:
        """See to it that a close does not wait for ever behind what the peer does not read."""
        self._loop.call_later(CLOSING_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        if self._abort():
            metrics.slow_readers.by["cut_off"] += 1

    def _give_up(self) -> None:
        metrics.slow_readers.by["closed"] += 1
        self.close(CloseCode.TOO_SLOW, "too slow to read")

    def _cancel_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None
