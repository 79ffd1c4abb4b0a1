"""Reading what was measured: off the event loop."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from django.db.models import BigIntegerField, Subquery, Value
from django.db.models.functions import Coalesce

from dashboard.models import Chunk, Series, StoredReport, Watermark
from dashboard.storage.codec import Seconds, decode_chunk, decode_report
from dashboard.storage.points import Point
from dashboard.storage.tiers import Points, Tier, add, rolled_up, tier_for

Read = dict[int, dict[int, Point]]

MOST_AT_ONCE = 500
REPORT = 0
"""What stands for the series where a row is a report: no series has this number."""


def read(pks: Collection[int], start: int, end: int, step: int) -> Read:
    """Return what was measured of series from `start` on and before `end`, by series and by the
    time at which each step begins. A step in which nothing was measured is not there.

    It is read from the coarsest tier that the step is a multiple of. What its steps cut at the
    ends of the range is read whole.
    """
    tier = tier_for(step)
    start, end = tier.step_of(start), tier.step_of(end + tier.seconds - 1)
    numbers = list(pks)
    found: Read = {pk: {} for pk in numbers}
    for first in range(0, len(numbers), MOST_AT_ONCE):
        some = numbers[first : first + MOST_AT_ONCE]
        for pk, points in _by_tier(tier, some, start, end):
            within = {at: point for at, point in points.items() if start <= at < end}
            if step == tier.seconds and found[pk].keys().isdisjoint(within):
                found[pk].update(within)
                continue
            for at, point in within.items():
                add(found[pk], at - at % step, point)
    return found


def find(
    *, name: str | None = None, labels: Mapping[str, str] | None = None, source: int | None = None
) -> list[Series]:
    """Return the series of a name whose labels match, `*` standing for anything: our own, or
    those of a source."""
    series = Series.objects.filter(source=source).order_by("pk")
    if name is not None:
        series = series.filter(name=name)
    wanted = (labels or {}).items()
    return [
        one
        for one in series
        if all(fnmatchcase(one.labels.get(label, ""), glob) for label, glob in wanted)
    ]


def _by_tier(tier: Tier, pks: list[int], start: int, end: int) -> list[tuple[int, Points]]:
    chunks = Chunk.objects.filter(
        tier=tier.seconds, series__in=pks, start__gte=tier.chunk_of(start), start__lt=end
    )
    mark = Watermark.objects.filter(tier=tier.seconds).values("rev")
    waiting = StoredReport.objects.filter(rev__gt=Coalesce(Subquery(mark), 0))
    # One statement, and so of one moment: between two of them a report could go from the ones
    # that wait into a chunk, and would be counted twice or not at all.
    rows = chunks.values_list("series_id", "body").union(
        waiting.values_list(Value(REPORT, BigIntegerField()), "body"), all=True
    )
    wanted, found, reports = set(pks), [], []
    for series, body in rows:
        if series == REPORT:
            reports.append(_only(wanted, decode_report(bytes(body))))
        else:
            found.append((series, decode_chunk(bytes(body))))
    new = rolled_up(tier, reports)
    return [*found, *((series, points) for (series, _chunk), points in new.items())]


def _only(wanted: set[int], told: Seconds) -> Seconds:
    return {
        second: {pk: measured[pk] for pk in wanted & measured.keys()}
        for second, measured in told.items()
    }
