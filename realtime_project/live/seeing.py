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
from realtime_project.live.sight import REMEMBERED_SECONDS, Glances, Sight, Sights

logger = logging.getLogger(__name__)

STORE_SECONDS = 2.0
KEPT = timedelta(hours=1)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Glances).decode


async def keep_stored(sights: Sights, worker: str) -> None:
    """Store what the people of this worker look at, for ever."""
    while True:
        await asyncio.sleep(STORE_SECONDS)
        if sights.has_news:
            await _store(worker, sights.take(time.monotonic()))


def store(worker: str, glances: Glances) -> None:
    """Store what the people of a worker look at, by the database's clock."""
    Looking.objects.bulk_create(
        [Looking(worker=worker, glances=_encode(glances))],
        update_conflicts=True,
        unique_fields=["worker"],
        update_fields=["glances", "told"],
    )


def sights_of(people: Collection[int]) -> dict[int, tuple[Sight, ...]]:
    """Return what each of these people has looked at within the last minute, on any worker."""
    found: dict[int, list[Sight]] = {person: [] for person in people}
    recent = Now() - timedelta(seconds=REMEMBERED_SECONDS)
    for one in Looking.objects.filter(told__gte=recent):
        glances = _decode(one.glances)
        for person in found.keys() & glances.keys():
            found[person] += [
                Sight(place, glance.rev, one.told - timedelta(seconds=glance.seconds))
                for place, glance in glances[person].items()
            ]
    return {person: tuple(sights) for person, sights in found.items()}


def forget_old() -> None:
    """Delete the rows of workers that are gone."""
    Looking.objects.filter(told__lt=timezone.now() - KEPT).delete()


async def _store(worker: str, glances: Glances) -> None:
    try:
        await write_in_database("looking", store, worker, glances)
    except Exception as error:  # noqa: BLE001 (a push too many is all that is lost)
        logger.warning("Nobody can ask who looks at what: %r", error)
