"""Reports: the one way in for all that is measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from django.db import IntegrityError, transaction

from dashboard.models import Measures, StoredReport
from dashboard.storage.codec import encode_report
from dashboard.storage.points import Point
from realtime_project.live.changes import Change, Row
from realtime_project.live.inserting import insert
from realtime_project.live.publish import publish
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
    sent: float | None = None
    """When its process began to store it, where workers are to measure how long that takes."""

    @property
    def second(self) -> int:
        """The last second of which it tells something."""
        return max(second for second, _series, _point in self.points)


class Told(msgspec.Struct, frozen=True, array_like=True):
    """A report as workers hear of it."""

    sent: float | None
    body: bytes
    is_announced: bool = True
    """Whether it came by itself, and was not read afterwards because it was missing."""


_encode = msgspec.msgpack.Encoder().encode
told_in = msgspec.msgpack.Decoder(Told).decode


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
    found = missed.values_list("rev", "sent", "body")[:MOST_AT_ONCE]
    rows = [_row(rev, Told(sent, bytes(body), is_announced=False)) for rev, sent, body in found]
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
        publish(step, [_row(row.rev, Told(row.sent, bytes(row.body))) for row in rows])


def _stored(step: Step, rev: int, report: Report) -> StoredReport:
    return StoredReport(
        stream_id=step.stream.pk,
        rev=rev,
        origin=report.origin,
        second=report.second,
        beat=report.second if report.heartbeat else None,
        sent=report.sent,
        body=encode_report(report.points),
    )


def _is_stored(report: Report) -> bool:
    beats = StoredReport.objects.filter(origin=report.origin, beat=report.second)
    return report.heartbeat and beats.exists()


def _row(rev: int, told: Told) -> Row:
    return Row(id=f"report:{rev}", rev=rev, data=_encode(told))
