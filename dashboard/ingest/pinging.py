"""Heartbeats that are sent in."""

import re
from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone

from dashboard.ingest import bodies
from dashboard.ingest.heartbeats import LONGEST, MOST_SAID, Beat, beat, state_of
from dashboard.ingest.requests import Request
from dashboard.models import Heartbeat
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import write_in_database
from realtime_project.live.protocol import NOTHING_HERE
from realtime_project.live.responses import json

MAX_BODY = 64 * 1024
SLUG = re.compile(r"[\w-]{1,80}", re.ASCII)
EVERY = re.compile(r"([0-9]{1,6})([smhd]?)", re.ASCII)
UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}


async def ping(request: Request) -> HttpResponse:
    """Note that a job begins, is done or failed. What it says may stand in the body."""
    slug, _, word = request.rest.strip("/").partition("/")
    if not SLUG.fullmatch(slug) or word not in set(Beat):
        raise LiveError(ErrorCode.NOT_FOUND, NOTHING_HERE)
    body = await bodies.read(request.receive, request.headers, most=MAX_BODY)
    said = body[-MOST_SAID:].decode(errors="replace").replace("\0", "").strip()
    every = _every(request.query.get("every", ""))
    heartbeat = await write_in_database(
        f"heartbeat:{request.sender.source}", _beat, request.sender.source, slug, Beat(word), said,
        every,
    )  # fmt: skip
    return json(
        {
            "heartbeat": heartbeat.slug,
            "state": state_of(heartbeat, timezone.now()),
            "due": heartbeat.due,
        }
    )


def _beat(source: int, slug: str, what: Beat, said: str, every: timedelta | None) -> Heartbeat:
    try:
        return beat(source=source, slug=slug, what=what, said=said, every=every)
    except Heartbeat.DoesNotExist as error:
        detail = "No such heartbeat: make it in the admin, or say how often it comes: “?every=1d”."
        raise LiveError(ErrorCode.NOT_FOUND, detail) from error


def _every(text: str) -> timedelta | None:
    if not text:
        return None
    said = EVERY.fullmatch(text)
    every = timedelta(seconds=int(said[1]) * UNITS[said[2]]) if said else timedelta()
    if not timedelta() < every <= LONGEST:
        raise LiveError(ErrorCode.BAD_REQUEST, "every is said as 90s, 15m, 12h or 1d.")
    return every
