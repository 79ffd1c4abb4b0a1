"""Reports of this process: measured every second, and stored as soon as the database takes them.

Measuring waits for nothing. What could not be stored waits in memory and is stored afterwards, in
the order in which it was measured.
"""

import asyncio
import logging
import time

from dashboard.measuring.backlog import Backlog, Waiting
from dashboard.measuring.clock import Clock, Seconds
from dashboard.measuring.database_time import set_by_database
from dashboard.measuring.sampling import Sampler
from dashboard.storage.codec import point_of
from dashboard.storage.registry import SeriesKey, TooManySeries, series_for
from dashboard.storage.reports import Report, store
from realtime_project.live.database import AWAY, write_in_database

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 60
CLOCK_SECONDS = 5.0


class Reporter:
    """Measures one process. Its origin is another one after each start."""

    def __init__(self, origin: str, sampler: Sampler, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.backlog = Backlog()
        self._origin = origin
        self._seconds = Seconds(self.clock)
        self._sampler = sampler
        self._asked_clock = -CLOCK_SECONDS
        self._refused: set[SeriesKey] = set()

    @property
    def until_next(self) -> float:
        """How many seconds it takes until there is something to be measured."""
        return self._seconds.until_next(time.monotonic())

    def measure(self) -> None:
        """Measure the seconds that have ended, if any have."""
        for second in self._seconds.ended(time.monotonic()):
            steps = self.clock.steps_back
            origin = f"{self._origin}~{steps}" if steps else self._origin
            self.backlog.put(origin, second, self._sampler.sample(second))

    def store(self) -> None:
        """Store what waits. Off the event loop."""
        if time.monotonic() - self._asked_clock > CLOCK_SECONDS:
            set_by_database(self.clock)
            self._asked_clock = time.monotonic()
        while some := self.backlog.oldest(MOST_AT_ONCE):
            store(self._reports(some))
            self.backlog.drop(some)

    def _reports(self, some: list[Waiting]) -> list[Report]:
        numbers = self._numbers()
        reports = [
            Report(
                one.origin,
                [
                    (one.second, numbers[number], point_of(one.second, measured))
                    for number, measured in one.sample.items()
                    if number in numbers
                ],
                heartbeat=True,
            )
            for one in some
        ]
        if len(reports) == 1:
            # What had to wait for the database says nothing of how fast news travel.
            [only] = reports
            sent = self.clock.now(time.monotonic())
            reports = [Report(only.origin, only.points, heartbeat=True, sent=sent)]
        return reports

    def _numbers(self) -> dict[int, int]:
        wanted = [one for one in self._sampler.series if one.key not in self._refused]
        try:
            known = series_for(wanted)
        except TooManySeries as error:
            logger.warning("Some of what is measured here is not kept: %s", error)
            self._refused.update(error.keys)
            return self._numbers()
        return {
            number: known[one.key]
            for number, one in enumerate(self._sampler.series)
            if one.key in known
        }


async def keep_reporting(reporter: Reporter) -> None:
    """Report of a process that has an event loop, for ever. Cancelled it stores what it has."""
    storing: asyncio.Future[None] | None = None
    try:
        while True:
            if storing is None or storing.done():
                storing = asyncio.ensure_future(_store(reporter))
            await asyncio.sleep(max(0.01, reporter.until_next))
            reporter.measure()
    finally:
        reporter.measure()
        await _store(reporter)


async def _store(reporter: Reporter) -> None:
    try:
        await write_in_database("measures", reporter.store)
    except AWAY as error:
        logger.warning("%d s are not stored yet: %r", len(reporter.backlog), error)
    except Exception:
        logger.exception("Storing what was measured failed")
