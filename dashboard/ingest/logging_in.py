"""Lines of logs that are sent in: read, cleaned of secrets, kept, and only then answered."""

import time
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpResponse

from dashboard.ingest import bodies, counted, once
from dashboard.ingest.answers import answer
from dashboard.ingest.faults import Faults
from dashboard.ingest.line_protocol import text_of
from dashboard.ingest.log_lines import Said, parse
from dashboard.ingest.once import Outcome, Sent
from dashboard.ingest.requests import Request
from dashboard.logs.lines import MAX_NAME, Line, level_named, tidy
from dashboard.logs.storing import redaction
from realtime_project.live.batcher import Batcher
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.changes import chunked
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import in_database, write_in_database

# Of one token and worker; ten thousand lines are a deployment that was quiet for long.
LINES = Limit(rate=3_000, burst=20_000)

MOST_LINES = 50_000
"""In one request, that of a quiet deployment: of each something is held until all are kept."""
LINES_AT_ONCE = 2_000
"""In one transaction, where these are of several requests. Each is kept whole or not at all."""

_allowances = Buckets(LINES)
Read = tuple[Sent, Faults]


async def write_lines(request: Request) -> HttpResponse:
    """Take lines, as JSON or as text."""
    said = _said(request)
    key = once.key_in(request.headers)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if wait := _allowances.wait(request.sender.digest, time.monotonic()):
        # Before anything of it is read.
        raise _too_fast(wait)
    async with bodies.turn():
        body = await bodies.read(request.receive, request.headers, most=settings.INGEST_BODY_BYTES)
        bodies.check_lines(body, MOST_LINES)
        # In a thread: looking for secrets in a thousand lines takes as long as writing to many
        # sockets.
        sent, faults = await in_database(_read, body, said, key, kind)
    brought = len(sent.lines) + len(faults)
    if wait := _allowances.spend(request.sender.digest, brought, time.monotonic()):
        raise _too_fast(wait)
    is_repeated = bool(sent.lines) and await _batcher.add(request.sender.source, sent)
    counted.log_lines.n += 0 if is_repeated else len(sent.lines)
    for reason, count in faults.by.items():
        counted.refused.by[reason] += count
    answered = answer(len(sent.lines), faults)
    if is_repeated:
        answered["Idempotent-Replayed"] = "true"
    return answered


def _said(request: Request) -> Said:
    level = request.query.get("level", "")
    known = level_named(level) if level else ""
    if known is None:
        raise LiveError(ErrorCode.BAD_REQUEST, "There is no such level.")
    origin, logger = (
        tidy(request.query.get(name, "")[:MAX_NAME]).replace("\n", " ")
        for name in ("origin", "logger")
    )
    return Said(request.sender.slug, time.time(), origin, logger, known)


def _read(body: bytes, said: Said, key: str, kind: str) -> Read:
    text = text_of(body)
    is_json = kind.endswith("json")
    if is_json and text.lstrip().startswith("["):
        raise LiveError(ErrorCode.BAD_REQUEST, "Send one JSON object in each line.")
    lines, bad = parse(text.split("\n"), said, is_json=is_json)
    faults = Faults()
    faults.add(bad)
    options = "\n".join((kind, said.origin, said.logger, said.level)).encode()
    mark = once.fingerprint(options, body) if key else ""
    return Sent([_clean(line) for line in lines], key, mark), faults


def _clean(line: Line) -> Line:
    text = redaction.clean(line.text)
    if text is line.text:
        return line
    return Line(line.at, line.level, line.source, line.origin, line.logger, text)


def _too_fast(wait: float) -> LiveError:
    return LiveError(ErrorCode.TOO_FAST, "Too many lines for this token.", retry_after=wait)


async def _store(source: int, sent: Sequence[Sent]) -> Sequence[Outcome | Exception]:
    outcomes: list[Outcome | Exception] = []
    for together in chunked(sent, lambda one: len(one.lines), LINES_AT_ONCE):
        # Others have their turn in between.
        outcomes += await _keep(source, together)
    return outcomes


async def _keep(source: int, sent: Sequence[Sent]) -> Sequence[Outcome | Exception]:
    try:
        return await write_in_database("log:1", once.keep, sent, source=source)
    except Exception as error:  # noqa: BLE001 (raised where each of these requests waits)
        return [error] * len(sent)


_batcher: Batcher[int, Sent, Outcome] = Batcher(_store)
