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
from dashboard.storage.codec import decode_chunk, decode_report, encode_chunk
from dashboard.storage.tiers import TIERS, Chunks, Points, Tier, add, merge_into

T = TypeVar("T")

# What one pass takes in. A chunk is written anew however little is added to it, so that many
# reports in one pass cost little more than a few; what they tell must fit into memory.
MOST_REPORTS = 2_000
MOST_POINTS = 20_000
MOST_AT_ONCE = 500
REPORTS_AT_ONCE = 100


class Roller:
    """Rolls up at the pace of the tiers, for as long as it is asked to."""

    def __init__(self) -> None:
        self._done: dict[int, float] = {}

    def roll_up(self) -> bool:
        """Roll up a part of what is due for each tier; returns whether there is more."""
        now = time.monotonic()
        has_more = False
        for tier in TIERS:
            if now - self._done.get(tier.seconds, -tier.pace) < tier.pace:
                continue
            if roll_up(tier):
                has_more = True
            else:
                self._done[tier.seconds] = now
        return has_more


def roll_up(tier: Tier) -> bool:
    """Add the next reports to a tier; returns whether more wait than one pass takes in.

    What comes meanwhile is none of them: under load something always does, and whoever went on
    because of it would write every chunk anew for each report.
    """
    gathered = gather(tier)
    if gathered is None:
        return False
    write(gathered)
    return gathered.is_full


class Gathered(NamedTuple):
    """What reports between two revs tell in the steps of a tier."""

    tier: Tier
    mark: int
    rev: int
    chunks: Chunks
    is_full: bool
    """Whether there was no room for all that waited."""


def gather(tier: Tier) -> Gathered | None:
    """Read the next reports that do not stand in a tier yet, if there are any."""
    mark = Watermark.objects.get_or_create(tier=tier.seconds)[0].rev
    following = StoredReport.objects.filter(rev__gt=mark).order_by("rev")
    reports = following.values_list("rev", "body")[:MOST_REPORTS]
    rev, count, is_full = mark, 0, False
    chunks: Chunks = {}
    # As they come: what one tells is merged, and let go of, before the next one is opened.
    for number, body in reports.iterator(chunk_size=REPORTS_AT_ONCE):
        rev, count = number, count + 1
        merge_into(chunks, tier, decode_report(bytes(body)))
        if is_full := count == MOST_REPORTS or sum(map(len, chunks.values())) >= MOST_POINTS:
            break
    return Gathered(tier, mark, rev, chunks, is_full) if count else None


def write(gathered: Gathered) -> bool:
    """Add them to the tier, unless somebody else has done it meanwhile."""
    with transaction.atomic():
        mark = Watermark.objects.filter(tier=gathered.tier.seconds, rev=gathered.mark)
        if not mark.update(rev=gathered.rev):
            return False
        _write(gathered.tier, gathered.chunks)
        return True


def _write(tier: Tier, chunks: Chunks) -> None:
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
