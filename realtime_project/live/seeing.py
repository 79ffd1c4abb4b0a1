"""What people have before their eyes, stored so that other processes can ask: one row for each
worker, written at most every two seconds and only while somebody looks at anything.

A row for each person would be a write for each person and beat; asking the workers would leave
whoever decides without an answer when one of them is stopped.
"""

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import timedelta

import msgspec
from django.db.models.functions import Now
from django.utils import timezone

from realtime_project.live.database import write_in_database
from realtime_project.live.models import Looking
from realtime_project.live.sight import REMEMBERED_SECONDS, Report, Sight, Sights

logger = logging.getLogger(__name__)

STORE_SECONDS = 2.0
KEPT = timedelta(hours=1)
REMEMBERED = timedelta(seconds=REMEMBERED_SECONDS)

encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Report).decode


async def keep_stored(sights: Sights, worker: str) -> None:
    """Store what the people of this worker look at, for ever."""
    while True:
        await asyncio.sleep(STORE_SECONDS)
        if sights.has_news:
            # Encoded before anything else happens: what is reported goes on changing.
            await _store(worker, encode(sights.report(time.monotonic())))


def store(worker: str, report: bytes) -> None:
    """Store what the people of a worker look at, and when that was by the database's clock."""
    Looking.objects.bulk_create(
        [Looking(worker=worker, report=report)],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=["report", "told"],
    )


def sights_of(people: Collection[int]) -> dict[int, tuple[Sight, ...]]:
    """Return what each of these people has looked at within the last minute, on any worker."""
    found: dict[int, list[Sight]] = {person: [] for person in people}
    recent = Now() - REMEMBERED
    for one in Looking.objects.filter(told__gte=recent):
        report = _decode(one.report)
        for person in found.keys() & report.seen.keys():
            for place, glance in report.seen[person].items():
                age = timedelta(seconds=report.now - glance.at)
                if age <= REMEMBERED:
                    found[person].append(Sight(place, glance.rev, one.told - age))
    return {person: tuple(sights) for person, sights in found.items()}


def forget_old() -> None:
    """Delete the rows of workers that are gone."""
    Looking.objects.filter(told__lt=timezone.now() - KEPT).delete()


async def _store(worker: str, report: bytes) -> None:
    try:
        await write_in_database("looking", store, worker, report)
    except Exception as error:  # noqa: BLE001 (a push too many is all that is lost)
        logger.warning("Nobody can ask who looks at what: %r", error)
