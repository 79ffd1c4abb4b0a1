"""From what requests brought to what is stored: a few transactions a second, whatever comes."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from dashboard.ingest.counting import Points, Sent, keep
from dashboard.ingest.gathering import Cell, Gathering, Place
from dashboard.ingest.recognising import Outcome
from dashboard.ingest.senders import Sender
from dashboard.storage.points import Point, merge
from dashboard.storage.registry import Described, SeriesKey, TooManySeries, series_for
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import write_in_database
from realtime_project.live.worker import worker

SECONDS_BETWEEN = 0.25
"""From one transaction's beginning to the next one's: at rest nothing waits."""
MAX_WAITING = 200_000

Waiting = tuple[Sent, "asyncio.Future[bool]"]


def resolve(gathering: Gathering, sender: Sender) -> tuple[Points, set[str]]:
    """Return the points that somebody sent, and the names of series for which there is no room.
    Off the event loop."""
    described = {place: _described(place, sender) for place in map(Place._make, gathering.cells)}
    numbers, refused = _numbers(described.values())
    points: dict[tuple[int, int], Point] = {}
    for place, cell in zip(described, gathering.cells.values(), strict=True):
        if (series := numbers.get(described[place].key)) is not None:
            _add(points, (place.second, series), _point(cell))
    return points, refused


class Storing:
    """What requests brought and is to be stored together, and who waits for that."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._size = 0
        self._began = 0.0
        self._task: asyncio.Future[None] | None = None

    async def add(self, sent: Sent) -> bool:
        """Return when the points of a request are stored, for good; and whether they were before.
        Raises what kept them from it."""
        if self._size + len(sent.points) > MAX_WAITING:
            raise LiveError(ErrorCode.UNAVAILABLE, "Too much waits to be stored.", retry_after=1)
        self._size += len(sent.points)
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((sent, done))
        if self._task is None:
            self._task = asyncio.ensure_future(self._store_all())
        return await done

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._began + SECONDS_BETWEEN - time.monotonic())
                self._began = time.monotonic()
                waiting, self._waiting, self._size = self._waiting, [], 0
                await _store(waiting)
        finally:
            self._task = None


async def _store(waiting: Sequence[Waiting]) -> None:
    for (_, done), outcome in zip(waiting, await _outcomes(waiting), strict=True):
        # Who has left meanwhile is stored all the same.
        if done.done():
            continue
        if isinstance(outcome, Exception):
            done.set_exception(outcome)
        else:
            done.set_result(outcome)


async def _outcomes(waiting: Sequence[Waiting]) -> Sequence[Outcome | Exception]:
    sent = [one for one, _ in waiting]
    try:
        return await write_in_database("measures:1", keep, sent, origin=f"ingest@{worker.name}")
    except Exception as error:  # noqa: BLE001 (raised where each request waits)
        return [error] * len(sent)


def _numbers(wanted: Iterable[Described]) -> tuple[Mapping[SeriesKey, int], set[str]]:
    remaining = {one.key: one for one in wanted}
    refused: set[str] = set()
    while True:
        try:
            return series_for(remaining.values()), refused
        except TooManySeries as error:
            for key in error.keys:
                refused.add(key.name)
                remaining.pop(key, None)


def _described(place: Place, sender: Sender) -> Described:
    head = place.head
    key = SeriesKey(place.name, head.labels, sender.source)
    return Described(key, head.kind, head.unit, sender.token, sender.max_series)


def _point(cell: Cell) -> Point:
    last_at = cell.last_at / 1_000_000_000
    return Point(cell.count, cell.sum, cell.min, cell.max, cell.last, last_at, cell.buckets)


def _add(points: dict[tuple[int, int], Point], key: tuple[int, int], point: Point) -> None:
    points[key] = merge(points[key], point) if key in points else point


@cache
def storing() -> Storing:
    """Return what this process stores through."""
    return Storing()
