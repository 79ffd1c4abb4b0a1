"""Annotations that are sent in: what happened when, such as a deployment."""

import time
from typing import Annotated

import msgspec
from django.http import HttpResponse

from dashboard.boards.annotations import annotate
from dashboard.ingest import bodies
from dashboard.ingest.requests import Request
from dashboard.models import Annotation
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import write_in_database
from realtime_project.live.responses import json

MAX_BODY = 16 * 1024
# Of one token and worker: an hour's deployments at once.
NOTES = Limit(rate=0.5, burst=60)
MOST_A_SOURCE = 5_000
"""Of a source so many are kept; beyond them the oldest go."""

_allowances = Buckets(NOTES)


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is written on the axis of time. The same `key` again changes what was said by it."""

    title: str
    at: float | None = None
    until: float | None = None
    kind: str = "note"
    level: str = ""
    key: Annotated[str, msgspec.Meta(max_length=100)] = ""


_said = msgspec.json.Decoder(Said)


async def write(request: Request) -> HttpResponse:
    """Write something down: JSON, or a text that says it."""
    if wait := _allowances.take(request.sender.digest, time.monotonic()):
        raise LiveError(ErrorCode.TOO_FAST, "Too many annotations.", retry_after=wait)
    body = await bodies.read(request.receive, request.headers, most=MAX_BODY)
    made = await write_in_database(
        f"annotations:{request.sender.source}", _annotate, _read(request, body), request
    )
    return json({"id": made.pk, "at": made.at}, status=201)


def _read(request: Request, body: bytes) -> Said:
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            return _said.decode(body)
        return Said(title=body.decode().strip())
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise LiveError(ErrorCode.BAD_REQUEST, f"Not understood: {error}") from error


def _annotate(said: Said, request: Request) -> Annotation:
    made = annotate(
        said.title,
        at=said.at,
        until=said.until,
        kind=said.kind,
        level=said.level,
        source=request.sender.source,
        key=said.key,
    )
    _forget_oldest(request.sender.source)
    return made


def _forget_oldest(source: int) -> None:
    notes = Annotation.objects.filter(source=source)
    if (over := notes.count() - MOST_A_SOURCE) > 0:
        # By when it was written, which nobody chooses.
        oldest = list(notes.order_by("pk").values_list("pk", flat=True)[:over])
        notes.filter(pk__in=oldest).delete()
