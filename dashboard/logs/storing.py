"""Keeping lines: rows of the stream of all lines, and of their source's own."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction

from dashboard.logs.lines import Line, batches, bits, pack
from dashboard.logs.protocol import LinesRow
from dashboard.logs.redaction import Redaction
from dashboard.models import IngestSource, Log, LogBatch
from realtime_project.live import changes
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance

redaction = Redaction(
    [
        settings.SECRET_KEY,
        *settings.SECRET_KEY_FALLBACKS,
        settings.METRICS_TOKEN,
        settings.VAPID_PRIVATE_KEY,
        str(settings.DATABASES["default"].get("PASSWORD") or ""),
        str(settings.EMAIL_HOST_PASSWORD or ""),
    ]
)


BATCHES_AT_ONCE = 10
"""So many are told in one piece: what a hub takes in between two turns of its loop."""


class Batch(NamedTuple):
    """Lines as they are told, and the row that keeps them."""

    lines: list[Line]
    row: dict[str, Any]


def store(lines: Iterable[Line], *, origin: str, source: int | None = None) -> None:
    """Keep lines of a source, or our own, and tell those who look: all of them or none. They have
    been looked at for secrets before. Off the event loop."""
    keep(packed(lines), origin=origin, source=source)


def packed(lines: Iterable[Line]) -> list[Batch]:
    """Cut lines and compress them: nearly all of the work, and before any lock is taken."""
    return [Batch(part, _row(part)) for part in batches(lines)]


def keep(made: Sequence[Batch], *, origin: str, source: int | None) -> None:
    """Keep batches, all of them or none."""
    with transaction.atomic():
        for start in range(0, len(made), BATCHES_AT_ONCE):
            _keep(made[start : start + BATCHES_AT_ONCE], origin, source)


def _keep(made: Sequence[Batch], origin: str, source: int | None) -> None:
    steps = advance_logs(len(made), source)
    stream = steps[0].stream
    numbered = list(enumerate(made, stream.rev - len(made) + 1))
    LogBatch.objects.bulk_create(
        LogBatch(stream_id=stream.pk, rev=rev, source_id=source, origin=origin, **one.row)
        for rev, one in numbered
    )
    rows = [changes.row(LinesRow(rev, rev, one.lines)) for rev, one in numbered]
    for step in steps:
        publish(step, rows)


def advance_logs(by: int, source: int | None) -> list[Step]:
    """Move the stream of all lines on, and with it that of a source, to the same rev: a line has
    one number, wherever it is seen. The first one's lock keeps others from moving either."""
    step = Step(Log.current(), by=by)
    advance(step)
    if source is None:
        return [step]
    own = IngestSource.objects.get(pk=source)
    before, own.rev = own.rev, step.stream.rev
    IngestSource.objects.filter(pk=source).update(rev=own.rev)
    return [step, Step(own, by=own.rev - before)]


def _row(lines: Sequence[Line]) -> dict[str, Any]:
    body = pack(lines)
    times = [line.at for line in lines]
    return {
        "first": min(times),
        "last": max(times),
        "levels": bits(line.level for line in lines),
        "count": len(lines),
        "size": len(body),
        "body": body,
    }
