"""When the interpreter looks for garbage that the counting of references does not find.

By its own rule it looks through all that has become old whenever there is a quarter more of it.
In a worker that is what thousands of sockets hold: at 8,000 half a second in which nobody is told
anything, and a fifth of what each of them costs when it comes. Here the young are collected as
ever; the old only when as many sockets have ended as there are, each of which leaves garbage in
circles, or when there is twice as much of everything as was left the last time.
"""

import asyncio
import gc
import sys
from collections.abc import Callable

from realtime_project.live.connections import Connections

SWEEP_SECONDS = 10.0
GROWTH = 2
FEW = 1000
"""So many ended sockets are worth no look: 25 MB."""
NEVER = 1_000_000_000


class Collector:
    """Decides when the old are looked through, on one event loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, connections: Callable[[], Connections]
    ) -> None:
        self._loop = loop
        self._connections = connections
        self._ended = connections().ended
        young, middle, _old = gc.get_threshold()
        gc.set_threshold(young, middle, NEVER)
        gc.collect()
        # What was made until now stays: it need not be walked through again and again.
        gc.freeze()
        self.left = sys.getallocatedblocks()
        """How much there was after the last time, in blocks of memory."""
        self._sweep()

    def look(self) -> None:
        """Collect everything if it is time."""
        connections = self._connections()
        has_ended = connections.ended - self._ended > max(FEW, len(connections))
        if has_ended or sys.getallocatedblocks() > GROWTH * self.left:
            gc.collect()
            self.left, self._ended = sys.getallocatedblocks(), connections.ended

    def _sweep(self) -> None:
        self.look()
        self._timer = self._loop.call_later(SWEEP_SECONDS, self._sweep)
