"""Retiring series: those of which nothing is kept any more go, and make room for others."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from dashboard.models import Chunk, Series, StoredReport, Watermark
from dashboard.storage.codec import decode_report
from dashboard.storage.tiers import TIERS

MOST_AT_ONCE = 100


class Retiring:
    """Looks for them now and then. What is kept for longest is kept for 400 days, so that a series
    without a chunk was not measured for as long, unless it was made a moment ago: one goes that
    was found without any twice."""

    def __init__(self) -> None:
        self._empty: set[int] = set()

    def retire(self) -> int:
        """Delete the series that were empty the last time, and are; returns how many."""
        empty = set(_without_chunks().values_list("pk", flat=True))
        gone = empty & self._empty
        if gone:
            gone -= _on_the_way()
        self._empty = empty - gone
        _delete(gone)
        return len(gone)


def delete_series(source: int) -> int:
    """Delete all series of a source now, and what was measured of them; returns how many. Off the
    event loop. Who goes on sending begins new ones, within a minute."""
    numbers = list(Series.objects.filter(source=source).values_list("pk", flat=True))
    _delete(numbers)
    return len(numbers)


def _without_chunks() -> QuerySet[Series]:
    chunks = Chunk.objects.filter(series=OuterRef("pk"))
    return Series.objects.filter(~Exists(chunks))


def _on_the_way() -> set[int]:
    """Return the series of which reports tell that do not stand in every tier yet."""
    marks = dict(Watermark.objects.values_list("tier", "rev"))
    reached = min(marks.get(tier.seconds, 0) for tier in TIERS)
    bodies = StoredReport.objects.filter(rev__gt=reached).values_list("body", flat=True)
    told: set[int] = set()
    for body in bodies.iterator(chunk_size=MOST_AT_ONCE):
        for measured in decode_report(bytes(body)).values():
            told |= measured.keys()
    return told


def _delete(numbers: Collection[int]) -> None:
    # Part by part, so that nobody waits for long who wants to write meanwhile.
    some = sorted(numbers)
    for start in range(0, len(some), MOST_AT_ONCE):
        Series.objects.filter(pk__in=some[start : start + MOST_AT_ONCE]).delete()
