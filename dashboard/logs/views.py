"""Older lines, searched, and lines as a file."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.logs.lines import Line
from dashboard.logs.search import (
    Chosen,
    Found,
    NumberedLine,
    Wanted,
    around,
    choose,
    lines_in,
    narrowed_to,
    search,
    search_on,
)
from dashboard.models import IngestSource, Log, LogBatch
from realtime_project.accounts.models import User
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import in_database
from realtime_project.live.responses import json, nobody_is_signed_in, refusal

PAGE = 200
MOST = 1_000
MOST_IN_A_FILE = 100_000
MOST_BYTES_IN_A_FILE = 32 * 1024 * 1024
# Of one person and worker: each of them takes a thread for up to two seconds.
SEARCHES = Limit(rate=5, burst=60)
DOWNLOADS = Limit(rate=0.1, burst=5)

_searches = Buckets(SEARCHES)
_downloads = Buckets(DOWNLOADS)


@never_cache
@require_GET
def lines(request: HttpRequest) -> HttpResponse:
    """Return lines, the oldest first: those before a rev or the newest ones (`?before=…&level=
    &source=&text=&regex=&limit=`), those after a rev (`?after=…`), or those beside one
    (`?around=…&at=…`).

    `rev` is where the topic goes on after the newest ones; `before` is where an older page begins,
    and null where there is none, as `after` is for a newer one.
    """
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    try:
        _take(_searches, request)
        # Before the lines are read: what comes meanwhile the topic tells.
        rev = Log.current().rev
        limit = min(_number(request, "limit", PAGE), MOST)
        if request.GET.get("around"):
            return json({"lines": _around(request, limit)})
        known = _batches(request).filter(rev__lte=rev)
        found = _page(request, known, limit)
    except LiveError as error:
        return refusal(error)
    return json(
        {
            "rev": rev,
            "lines": found.lines,
            "before": found.before,
            "after": found.after,
            "more": found.before is not None or found.after is not None,
            "partial": found.is_partial,
        }
    )


@never_cache
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """Return the newest lines that are wanted as a file of text, as many as it may hold."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    batches = _batches(request)
    try:
        _take(_downloads, request)
        wanted = _wanted(request)
        chosen = choose(batches, wanted, lines=MOST_IN_A_FILE, size=MOST_BYTES_IN_A_FILE)
    except LiveError as error:
        return refusal(error)
    head = "" if chosen.is_whole else _("Older lines are not in this file.") + "\n"
    answer = StreamingHttpResponse(
        _file(batches, wanted, chosen, head), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="log.txt"'
    return answer


def _page(request: HttpRequest, batches: QuerySet[LogBatch], limit: int) -> Found:
    if request.GET.get("after"):
        after = _number(request, "after")
        return search_on(batches, _wanted(request), after=after, limit=limit)
    before = _number(request, "before") if request.GET.get("before") else None
    return search(batches, _wanted(request), before=before, limit=limit)


async def _file(
    batches: QuerySet[LogBatch], wanted: Wanted, chosen: Chosen, head: str
) -> AsyncIterator[bytes]:
    """Yield a file part by part, as it is taken: no more than one part is in memory."""
    yield head.encode()
    for revs in chosen.parts:
        # Who may see which lines is asked each time.
        lines = await in_database(lines_in, batches.all(), wanted, revs)
        yield "".join(map(_written, lines)).encode()


def _take(allowances: Buckets, request: HttpRequest) -> None:
    if wait := allowances.take(request.user.pk, time.monotonic()):
        raise LiveError(ErrorCode.TOO_FAST, _("Too many searches."), retry_after=wait)


def _around(request: HttpRequest, limit: int) -> list[NumberedLine]:
    batches = narrowed_to(_batches(request), request.GET.get("source", ""))
    try:
        at = float(request.GET.get("at", ""))
    except ValueError as error:
        raise LiveError(ErrorCode.INVALID, "at is a time in seconds.") from error
    return around(batches, _number(request, "around"), at, limit=limit)


def _batches(request: HttpRequest) -> QuerySet[LogBatch]:
    """Return the lines that somebody may see now."""
    viewer = cast(User, request.user)
    batches = LogBatch.objects.all()
    if viewer.is_staff:
        return batches
    return batches.filter(source__in=IngestSource.objects.visible_to(viewer))


def _wanted(request: HttpRequest) -> Wanted:
    said = request.GET
    return Wanted(
        level=said.get("level", ""),
        source=said.get("source", ""),
        text=said.get("text", ""),
        regex=said.get("regex", ""),
        since=_time(request, "from"),
        until=_time(request, "to"),
    )


def _number(request: HttpRequest, name: str, default: int = 0) -> int:
    said = request.GET.get(name, "")
    if said and not (said.isascii() and said.isdecimal() and len(said) < 19):
        raise LiveError(ErrorCode.INVALID, f"{name} is a number.")
    return int(said) if said else default


def _time(request: HttpRequest, name: str) -> float | None:
    return float(_number(request, name)) if request.GET.get(name) else None


def _written(line: Line) -> str:
    at = datetime.fromtimestamp(line.at, UTC).isoformat(timespec="milliseconds")
    where = " ".join(part for part in (line.source, line.origin, line.logger) if part)
    return f"{at} {line.level.upper():8} {where}: {line.text}\n"
