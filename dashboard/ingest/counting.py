"""Numbers of requests are counted once, however often a request is sent.

What is remembered of a request is written by the transaction of its numbers: a server that was
killed before it could answer has kept both or neither, and every worker knows the same.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from dashboard.ingest.recognising import Mark, Outcome, judge
from dashboard.models import CountedRequest, Measures
from dashboard.storage.points import Point, merge
from dashboard.storage.reports import Report, store

POINTS_A_REPORT = 2_000
AT_ONCE = 500

T = TypeVar("T")
Points = Mapping[tuple[int, int], Point]
"""By second and number of the series."""


@dataclass(frozen=True)
class Sent:
    """What one request brought, and by what it is known when it comes again, if it can be."""

    points: Points
    source: int = 0
    mark: Mark | None = None
    known: Mark | None = None
    """What was remembered when it was read, and is not among its points."""


def recall(key: str) -> Mark | None:
    """Return what is remembered of a request. Off the event loop."""
    return _remembered([key]).get(key)


def keep(sent: Sequence[Sent], *, origin: str) -> list[Outcome]:
    """Store what some requests brought, all of it or nothing; but not of those that were counted
    before. Off the event loop."""
    keys = {one.mark.key for one in sent if one.mark}
    with transaction.atomic():
        if keys:
            # Whoever comes with the same at the same moment waits here.
            Measures.objects.select_for_update(no_key=True).get(pk=Measures.current().pk)
        outcomes = judge([(one.mark, one.known) for one in sent], _remembered(keys))
        new = [one for one, outcome in zip(sent, outcomes, strict=True) if outcome is False]
        store(list(_reports(new, origin)))
        _remember(new)
    return outcomes


def _remembered(keys: Collection[str]) -> dict[str, Mark]:
    marks: dict[str, Mark] = {}
    for some in _parts(sorted(keys)):
        rows = CountedRequest.objects.filter(key__in=some)
        for key, lines, fingerprint, homeless in rows.values_list(
            "key", "lines", "fingerprint", "homeless"
        ):
            marks[key] = Mark(key, lines, fingerprint, frozenset(homeless))
    return marks


def _remember(new: Iterable[Sent]) -> None:
    now = timezone.now()
    # Of several with one key the last knows the others.
    rows = {one.mark.key: _row(one.mark, one.source, now) for one in new if one.mark}
    CountedRequest.objects.bulk_create(
        rows.values(),
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["lines", "fingerprint", "homeless", "created"],
    )


def _row(mark: Mark, source: int, now: datetime) -> CountedRequest:
    return CountedRequest(
        key=mark.key,
        source_id=source,
        lines=mark.lines,
        fingerprint=mark.fingerprint,
        homeless=sorted(mark.homeless),
        created=now,
    )


def _reports(sent: Iterable[Sent], origin: str) -> Iterator[Report]:
    points: dict[tuple[int, int], Point] = {}
    for one in sent:
        for key, point in one.points.items():
            points[key] = merge(points[key], point) if key in points else point
    told = [(second, series, point) for (second, series), point in points.items()]
    for some in _parts(told, POINTS_A_REPORT):
        yield Report(origin, list(some))


def _parts(of: Sequence[T], most: int = AT_ONCE) -> Iterator[Sequence[T]]:
    return (of[start : start + most] for start in range(0, len(of), most))
