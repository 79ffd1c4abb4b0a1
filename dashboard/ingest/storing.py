"""From what requests brought to what is stored: a few transactions a second, whatever comes."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from functools import cache

from dashboard.ingest.gathering import Cell, Gathering, Place
from dashboard.storage.points import Point, merge
from dashboard.storage.registry import Described, SeriesKey, TooManySeries, series_for
from dashboard.storage.reports import Report, store
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import write_in_database
from realtime_project.live.worker import worker

SECONDS_BETWEEN = 0.25
"""From one transaction's beginning to the next one's: at rest nothing waits."""
MAX_WAITING = 200_000
POINTS_A_REPORT = 2_000

Points = Mapping[tuple[int, int], Point]
"""By second and number of the series."""


def resolve(gathering: Gathering, source: int) -> tuple[Points, set[str]]:
    """Return the points that were gathered for a source, and the names of series for which there
    is no room. Off the event loop."""
    described = {place: _described(place, source) for place in map(Place._make, gathering.cells)}
    numbers, refused = _numbers(described.values())
    points: dict[tuple[int, int], Point] = {}
    for place, cell in zip(described, gathering.cells.values(), strict=True):
        if (series := numbers.get(described[place].key)) is not None:
            _add(points, (place.second, series), _point(cell))
    return points, refused


class Storing:
    """Points that wait to be stored together, and those who wait for that."""

    def __init__(self) -> None:
        self._points: dict[tuple[int, int], Point] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._began = 0.0
        self._task: asyncio.Future[None] | None = None

    async def add(self, points: Points) -> None:
        """Return when the points are stored, for good. Raises what kept them from it."""
        if len(self._points) + len(points) > MAX_WAITING:
            raise LiveError(ErrorCode.UNAVAILABLE, "Too much waits to be stored.", retry_after=1)
        for key, point in points.items():
            _add(self._points, key, point)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        if self._task is None:
            self._task = asyncio.ensure_future(self._store_all())
        await done

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._began + SECONDS_BETWEEN - time.monotonic())
                self._began = time.monotonic()
                points, self._points = self._points, {}
                waiting, self._waiting = self._waiting, []
                await _store(points, waiting)
        finally:
            self._task = None


async def _store(points: Points, waiting: Iterable[asyncio.Future[None]]) -> None:
    try:
        await write_in_database("measures:1", store, _reports(points))
    except Exception as error:  # noqa: BLE001 (raised where each request waits)
        for one in waiting:
            if not one.done():
                one.set_exception(error)
    else:
        for one in waiting:
            # Who has left meanwhile is stored all the same.
            if not one.done():
                one.set_result(None)


def _reports(points: Points) -> list[Report]:
    told = [(second, series, point) for (second, series), point in points.items()]
    origin = f"ingest@{worker.name}"
    return [
        Report(origin, told[start : start + POINTS_A_REPORT])
        for start in range(0, len(told), POINTS_A_REPORT)
    ]


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


def _described(place: Place, source: int) -> Described:
    head = place.head
    return Described(SeriesKey(place.name, head.labels, source), head.kind, head.unit)


def _point(cell: Cell) -> Point:
    last_at = cell.last_at / 1_000_000_000
    return Point(cell.count, cell.sum, cell.min, cell.max, cell.last, last_at, cell.buckets)


def _add(points: dict[tuple[int, int], Point], key: tuple[int, int], point: Point) -> None:
    points[key] = merge(points[key], point) if key in points else point


@cache
def storing() -> Storing:
    """Return what this process stores through."""
    return Storing()
