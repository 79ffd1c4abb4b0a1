"""Rolling up: adding reports to the tiers, each exactly once, whoever does it and however often.

What says that a report stands in a tier is that tier's watermark. It is moved in the transaction
that writes, first, and only from where it was read: of two who do the same one finds that it has
moved, and does nothing.
"""

import time
from collections.abc import Collection, Iterator
from typing import NamedTuple, TypeVar

from django.db import transaction

from dashboard.models import Chunk, Series, StoredReport, Watermark
from dashboard.storage.codec import Seconds, decode_chunk, decode_report, encode_chunk
from dashboard.storage.tiers import TIERS, Points, Tier, add, rolled_up

T = TypeVar("T")

MOST_REPORTS = 200
MOST_BYTES = 1024 * 1024
MOST_AT_ONCE = 500


class Roller:
    """Rolls up at the pace of the tiers, for as long as it is asked to."""

    def __init__(self) -> None:
        self._done: dict[int, float] = {}

    def roll_up(self) -> bool:
        """Roll up one part of what is due; returns whether there is more."""
        now = time.monotonic()
        for tier in TIERS:
            if now - self._done.get(tier.seconds, -tier.pace) >= tier.pace:
                if roll_up(tier):
                    return True
                self._done[tier.seconds] = now
        return False


def roll_up(tier: Tier) -> bool:
    """Add the next reports to a tier; returns whether there may be more."""
    gathered = gather(tier)
    if gathered is None:
        return False
    write(gathered)
    return True


class Gathered(NamedTuple):
    """What reports between two revs tell in the steps of a tier."""

    tier: Tier
    mark: int
    rev: int
    chunks: dict[tuple[int, int], Points]


def gather(tier: Tier) -> Gathered | None:
    """Read the next reports that do not stand in a tier yet, if there are any."""
    mark = Watermark.objects.get_or_create(tier=tier.seconds)[0].rev
    rev, reports = _after(mark)
    return Gathered(tier, mark, rev, rolled_up(tier, reports)) if reports else None


def write(gathered: Gathered) -> bool:
    """Add them to the tier, unless somebody else has done it meanwhile."""
    with transaction.atomic():
        mark = Watermark.objects.filter(tier=gathered.tier.seconds, rev=gathered.mark)
        if not mark.update(rev=gathered.rev):
            return False
        _write(gathered.tier, gathered.chunks)
        return True


def _after(mark: int) -> tuple[int, list[Seconds]]:
    following = StoredReport.objects.filter(rev__gt=mark).order_by("rev")
    reports: list[Seconds] = []
    rev, size = mark, 0
    for number, body in following.values_list("rev", "body")[:MOST_REPORTS]:
        if reports and (size := size + len(body)) > MOST_BYTES:
            break
        rev = number
        reports.append(decode_report(bytes(body)))
    return rev, reports


def _write(tier: Tier, chunks: dict[tuple[int, int], Points]) -> None:
    # A source may have been deleted, and its series with it, while its reports were on the way.
    there = _existing({series for series, _chunk in chunks})
    for keys in _parts([key for key in chunks if key[0] in there]):
        held = _held(tier, keys)
        Chunk.objects.bulk_create(
            [
                Chunk(
                    series_id=series,
                    tier=tier.seconds,
                    start=start,
                    body=encode_chunk(_merged(held.get((series, start)), chunks[series, start])),
                )
                for series, start in keys
            ],
            update_conflicts=True,
            unique_fields=["series", "tier", "start"],
            update_fields=["body"],
        )


def _held(tier: Tier, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    found = Chunk.objects.filter(
        tier=tier.seconds,
        series__in={series for series, _ in keys},
        start__in={start for _, start in keys},
    )
    rows = found.values_list("series_id", "start", "body")
    return {(series, start): bytes(body) for series, start, body in rows}


def _merged(held: bytes | None, new: Points) -> Points:
    if held is None:
        return new
    points = decode_chunk(held)
    for step, point in new.items():
        add(points, step, point)
    return points


def _existing(series: Collection[int]) -> set[int]:
    there: set[int] = set()
    for some in _parts(sorted(series)):
        there.update(Series.objects.filter(pk__in=some).values_list("pk", flat=True))
    return there


def _parts(items: list[T]) -> Iterator[list[T]]:
    for start in range(0, len(items), MOST_AT_ONCE):
        yield items[start : start + MOST_AT_ONCE]
