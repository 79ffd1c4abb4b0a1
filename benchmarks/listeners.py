"""Very many sockets or streams that only listen, in a few lines of Python: for what is not said
by a socket of the crowd, which therefore cannot time it."""

import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from benchmarks.subjects.signalbox import Signalbox
from tests.faults.herd import Herd, Listener

PATIENCE_SECONDS = 120


class Timed(Listener):
    """A socket that knows when it heard what."""

    def __init__(self, herd: Herd, session: str, topics: Sequence[str]) -> None:
        super().__init__(herd, session, topics)
        self._times: list[tuple[int, float]] = []

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._times.append((len(self._data), time.time()))

    @property
    def bytes(self) -> int:
        """How much it has heard since it connected."""
        return len(self._data)

    def heard_at(self, text: str) -> float | None:
        """When it heard a text first, by the wall's clock: another process has said it."""
        start = self._data.find(text.encode())
        if start < 0:
            return None
        return self._times[bisect_left(self._times, (start + len(text), 0.0))][1]


@contextmanager
def listening(
    server: Signalbox, sessions: Sequence[str], topics: Sequence[str]
) -> Iterator[list[Timed]]:
    """One listener for each session, all of them subscribed."""
    listeners: list[Timed] = []

    def listen(herd: Herd, session: str, topics: Sequence[str]) -> Timed:
        listeners.append(Timed(herd, session, topics))
        return listeners[-1]

    herd = Herd(server.installation, sessions, topics, len(sessions), listen)
    with herd.here(PATIENCE_SECONDS):
        yield listeners
