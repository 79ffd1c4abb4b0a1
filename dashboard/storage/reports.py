"""Reports: the one way in for all that is measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction

from dashboard.models import Measures, StoredReport
from dashboard.storage.codec import encode_report
from dashboard.storage.points import Point
from realtime_project.live.changes import Change, Row
from realtime_project.live.publish import publish
from realtime_project.live.statements import insert
from realtime_project.live.streams import Step, advance

MOST_AT_ONCE = 500
"""How many are read at once by who has missed some."""


@dataclass(frozen=True)
class Report:
    """What somebody measured: by second, number of the series and point. A heartbeat is what a
    process tells of itself, once for each second; the same again changes nothing."""

    origin: str
    points: list[tuple[int, int, Point]] = field(default_factory=list)
    heartbeat: bool = False

    @property
    def second(self) -> int:
        """The last second of which it tells something."""
        return max(second for second, _series, _point in self.points)


def store(batches: Sequence[Report]) -> None:
    """Store reports and tell every worker of them: all or none. Off the event loop."""
    told = [one for one in batches if one.points]
    try:
        _store(told)
    except IntegrityError:
        # The connection may have been lost between a commit and its answer.
        _store([one for one in told if not _is_stored(one)])


def load(key: str, after: int) -> Change:
    """Return the reports after a rev, as many as are read at once."""
    measures = Measures.current()
    if after < measures.floor:
        return Change(key, after, measures.rev, reset=True)
    missed = StoredReport.objects.filter(rev__gt=after, rev__lte=measures.rev).order_by("rev")
    rows = [_row(rev, body) for rev, body in missed.values_list("rev", "body")[:MOST_AT_ONCE]]
    rev = rows[-1].rev if len(rows) == MOST_AT_ONCE else measures.rev
    return Change(key, after, rev, tuple(rows), latest=measures.rev)


def _store(reports: Sequence[Report]) -> None:
    if not reports:
        return
    with transaction.atomic():
        step = Step(Measures.current(), by=len(reports))
        advance(step)
        first = step.stream.rev - len(reports) + 1
        rows = [_stored(step, rev, one) for rev, one in enumerate(reports, first)]
        insert(rows)
        publish(step, [_row(row.rev, row.body) for row in rows])


def _stored(step: Step, rev: int, report: Report) -> StoredReport:
    return StoredReport(
        stream_id=step.stream.pk,
        rev=rev,
        origin=report.origin,
        second=report.second,
        beat=report.second if report.heartbeat else None,
        body=encode_report(report.points),
    )


def _is_stored(report: Report) -> bool:
    beats = StoredReport.objects.filter(origin=report.origin, beat=report.second)
    return report.heartbeat and beats.exists()


def _row(rev: int, body: bytes | memoryview) -> Row:
    return Row(id=f"report:{rev}", rev=rev, data=bytes(body))
