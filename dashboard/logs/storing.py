"""Keeping lines: rows of the stream of all lines, and of their source's own."""

from collections.abc import Iterable, Sequence

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


def store(lines: Iterable[Line], *, origin: str, source: int | None = None) -> None:
    """Keep lines of a source, or our own, and tell those who look: all of them or none. They have
    been looked at for secrets before. Off the event loop."""
    cut = batches(lines)
    if not cut:
        return
    with transaction.atomic():
        steps = advance_logs(len(cut), source)
        last = steps[0].stream.rev
        numbered = list(enumerate(cut, last - len(cut) + 1))
        LogBatch.objects.bulk_create(
            LogBatch(
                stream_id=steps[0].stream.pk,
                rev=rev,
                source_id=source,
                origin=origin,
                **_facts(part),
            )
            for rev, part in numbered
        )
        rows = [changes.row(LinesRow(rev, rev, part)) for rev, part in numbered]
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


def _facts(lines: Sequence[Line]) -> dict[str, object]:
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
