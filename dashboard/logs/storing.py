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
        steps = [Step(Log.current(), by=len(cut))]
        if source is not None:
            steps.append(Step(IngestSource(pk=source), by=len(cut)))
        advance(*steps)
        starts = [step.stream.rev - len(cut) + 1 for step in steps]
        LogBatch.objects.bulk_create(
            LogBatch(
                stream_id=steps[0].stream.pk,
                rev=starts[0] + number,
                source_id=source,
                source_rev=None if source is None else starts[1] + number,
                origin=origin,
                **_facts(part),
            )
            for number, part in enumerate(cut)
        )
        for step, start in zip(steps, starts, strict=True):
            publish(
                step, [changes.row(LinesRow(rev, rev, part)) for rev, part in enumerate(cut, start)]
            )


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
