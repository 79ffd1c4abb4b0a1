"""The sockets of one worker as rows: pure looking, on the event loop."""

import heapq
from collections.abc import Iterable

import msgspec

from realtime_project.live.connection import Connection

MAX_SOCKETS = 500
"""Of one worker: those that have the most to do, where there are more."""
MAX_TOPICS = 20


class SocketRow(msgspec.Struct, frozen=True):
    """One socket. Rates are frames a second since it was last looked at."""

    id: str
    person: int
    address: str
    transport: str
    worker: str
    age: float
    heard: float
    written: float
    lag: float | None
    """How long the client took to answer the last ping, in seconds."""
    unsent: int
    topics: list[str]


class Table(msgspec.Struct, frozen=True):
    """Those of one worker, and how many they are all together."""

    count: int
    sockets: list[SocketRow]


decode = msgspec.msgpack.Decoder(Table).decode
encode = msgspec.msgpack.Encoder().encode


class Looker:
    """Looks at the connections of one process again and again."""

    def __init__(self, name: str, place: str) -> None:
        self._name = name
        self._place = place
        self._before: dict[int, tuple[float, int, int]] = {}

    def look(self, connections: Iterable[Connection], now: float) -> Table:
        """Return what there is to be said of connections at a time of the monotonic clock."""
        everything = list(connections)
        before, self._before = self._before, {}
        for one in everything:
            self._before[one.number] = now, one.heard, one.transport.written
        busiest = heapq.nlargest(MAX_SOCKETS, everything, key=lambda one: _work(one, before))
        return Table(len(everything), [self._row(one, before, now) for one in busiest])

    def _row(
        self, one: Connection, before: dict[int, tuple[float, int, int]], now: float
    ) -> SocketRow:
        then, heard, written = before.get(one.number, (one.since, 0, 0))
        seconds = max(0.001, now - then)
        return SocketRow(
            id=f"{self._name}.{one.number}",
            person=one.person,
            address=one.address,
            transport=one.transport.kind,
            worker=self._place,
            age=round(now - one.since, 1),
            heard=round((one.heard - heard) / seconds, 2),
            written=round((one.transport.written - written) / seconds, 2),
            lag=None if one.round_trip is None else round(one.round_trip, 3),
            unsent=one.transport.unsent_bytes,
            topics=sorted(one.topics)[:MAX_TOPICS],
        )


def _work(one: Connection, before: dict[int, tuple[float, int, int]]) -> tuple[int, int]:
    _then, heard, written = before.get(one.number, (0, 0, 0))
    frames = one.heard - heard + one.transport.written - written
    return one.transport.unsent_bytes, frames
