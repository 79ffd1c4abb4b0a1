"""Seconds that wait to be stored: while the database is away, an hour of them."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from dashboard.measuring.sampling import Sample

MOST_SECONDS = 3600

_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Sample).decode


class Waiting(NamedTuple):
    """One of them. It is packed, because an hour of points would be a hundred megabytes."""

    origin: str
    second: int
    packed: bytes

    @property
    def sample(self) -> Sample:
        return _unpack(self.packed)


class Backlog:
    """The newest seconds, in their order. One may put them in while another takes them out."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque(maxlen=MOST_SECONDS)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, origin: str, second: int, sample: Sample) -> None:
        """Keep a second; beyond an hour the oldest is dropped."""
        self._waiting.append(Waiting(origin, second, _pack(sample)))

    def oldest(self, count: int) -> list[Waiting]:
        """Return those that have waited longest."""
        return [one for _, one in zip(range(count), self._snapshot(), strict=False)]

    def drop(self, stored: list[Waiting]) -> None:
        """Let go of what has been stored. Some of it may have been dropped meanwhile."""
        done = set(stored)
        while self._waiting and self._waiting[0] in done:
            self._waiting.popleft()

    def _snapshot(self) -> Iterator[Waiting]:
        return iter(self._waiting.copy())
