"""Reading what was measured: off the event loop."""

from collections.abc import Collection, Mapping
from fnmatch import fnmatchcase

from dashboard.models import Series, StoredReport
from dashboard.storage.codec import decode_report, point_of
from dashboard.storage.points import Point, merge

Read = dict[int, dict[int, Point]]


def read(pks: Collection[int], start: int, end: int, step: int) -> Read:
    """Return what was measured of series from `start` on and before `end`, by series and by the
    time at which each step begins. A step in which nothing was measured is not there."""
    found: Read = {pk: {} for pk in pks}
    reports = StoredReport.objects.filter(second__gte=start).order_by("rev")
    for body in reports.values_list("body", flat=True):
        for second, told in decode_report(bytes(body)).items():
            if start <= second < end:
                for pk in found.keys() & told.keys():
                    _add(found[pk], second - second % step, point_of(second, told[pk]))
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


def _add(points: dict[int, Point], at: int, point: Point) -> None:
    points[at] = merge(points[at], point) if at in points else point
