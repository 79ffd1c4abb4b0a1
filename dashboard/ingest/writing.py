"""Numbers that are sent in: read, put together, stored, and only then answered."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from dashboard.ingest import bodies, counted, json_points, line_protocol, once
from dashboard.ingest.answers import answer
from dashboard.ingest.counting import Sent, recall
from dashboard.ingest.faults import Bad, Fault, Faults, Reason
from dashboard.ingest.gathering import (
    AHEAD_SECONDS,
    KINDS,
    MOST_NUMBERS,
    OLDEST_SECONDS,
    Gathering,
)
from dashboard.ingest.recognising import Mark, Trace, key_of
from dashboard.ingest.requests import Request
from dashboard.ingest.storing import resolve, storing
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import in_database

# Between two turns of the event loop: about a millisecond and a half.
LINES_AT_ONCE = 400
BYTES_AT_ONCE = 64 * 1024
BURST_SECONDS = 5

Parsed = tuple[list[line_protocol.Line], list[Fault]]

_allowances = Buckets(Limit(rate=settings.INGEST_RATE, burst=settings.INGEST_RATE * BURST_SECONDS))


@dataclass(frozen=True)
class Form:
    """How lines of a kind are read, and written down again as they came."""

    name: str
    parse: Callable[[Any, int], Parsed]
    text: Callable[[Any], bytes]


@dataclass(frozen=True)
class Read:
    """What a request brought, what is wrong with it, and what it is known by."""

    gathering: Gathering
    faults: Faults
    mark: Mark | None
    known: Mark | None
    """What was remembered of it, or of what begins alike."""


async def write(request: Request) -> HttpResponse:
    """Take line protocol."""
    precision = request.query.get("precision") or "ns"
    kind = request.query.get("kind") or "gauge"
    if precision not in line_protocol.NANOSECONDS:
        raise LiveError(ErrorCode.BAD_REQUEST, "precision is one of ns, us, ms, s.")
    if kind not in KINDS:
        raise LiveError(ErrorCode.BAD_REQUEST, f"kind is one of {', '.join(KINDS)}.")
    nanoseconds = line_protocol.NANOSECONDS[precision]

    def parse(part: list[str], first: int) -> Parsed:
        return line_protocol.parse(part, nanoseconds=nanoseconds, first=first, kind=kind)

    form = Form(f"{kind} {nanoseconds}", parse, line_protocol.bytes_of)
    name, began = once.key_in(request.headers), time.perf_counter()
    async with bodies.turn():
        body = await _body(request)
        bodies.check_lines(body, MOST_NUMBERS)
        lines = line_protocol.lines_of(body)
        read = await _read(request, form, lines, name)
    return await _store(request, read, began)


async def write_json(request: Request) -> HttpResponse:
    """Take numbers as JSON."""
    name, began = once.key_in(request.headers), time.perf_counter()
    async with bodies.turn():
        try:
            parts = json_points.split(await _body(request), MOST_NUMBERS)
        except Bad as bad:
            counted.refused.by[bad.reason] += 1
            is_large = bad.reason is Reason.SIZE
            code = ErrorCode.TOO_LARGE if is_large else ErrorCode.BAD_REQUEST
            raise LiveError(code, str(bad)) from bad
        read = await _read(request, _JSON, parts, name)
    return await _store(request, read, began)


def _parse_json(part: list[bytes], first: int) -> Parsed:
    return json_points.parse(part, first=first)


_JSON = Form("json", _parse_json, b"\n".join)


async def _body(request: Request) -> bytes:
    if wait := _allowances.wait(request.sender.digest, time.monotonic()):
        # Before anything of it is read.
        raise _too_fast(wait)
    return await bodies.read(request.receive, request.headers, most=settings.INGEST_BODY_BYTES)


async def _read(request: Request, form: Form, lines: Sequence[Sized], name: str) -> Read:
    if name:
        key, known = key_of(f"source {request.sender.source}", "", name.encode()), None
    else:
        key = key_of(request.sender.digest, form.name, form.text(lines[:1]))
        # One line is looked up where it is stored.
        known = await in_database(recall, key) if len(lines) > 1 else None
    trace = Trace(form.name, known)
    gathering, faults = await _gather(request, form, lines, trace)
    if not (name or gathering.is_timed):
        # The same again without times is something new: another tick of a counter.
        return Read(gathering, faults, None, known)
    mark = Mark(key, 0 if name else trace.lines, trace.fingerprint)
    return Read(gathering, faults, mark, known)


async def _gather(
    request: Request, form: Form, lines: Sequence[Sized], trace: Trace
) -> tuple[Gathering, Faults]:
    gathering, faults = Gathering(time.time_ns()), Faults()
    for first, part in _slices(lines, trace.cut):
        said, bad = form.parse(part, first)
        for head, fields, at, number in said:
            if not gathering.add(head, fields, at):
                bad.append(Fault(number, Reason.TIME, _OUT_OF_TIME))
        faults.add(bad)
        if trace.take(form.text(part), len(part)):
            gathering.forget()
        if gathering.count + len(faults) > MOST_NUMBERS:
            _spend(request, gathering, faults)
            raise LiveError(
                ErrorCode.TOO_LARGE, f"More than {MOST_NUMBERS} numbers. Send less at once."
            )
        # Everybody else's sockets come first.
        await asyncio.sleep(0)
    return gathering, faults


def _slices(lines: Sequence[Sized], cut: int) -> Iterator[tuple[int, Any]]:
    """Cut lines into parts, each with the number of its first line. One ends after `cut` lines."""
    start, size = 0, 0
    for number, line in enumerate(lines, 1):
        size += len(line)
        if size >= BYTES_AT_ONCE or number - start == LINES_AT_ONCE or number == cut:
            yield start + 1, lines[start:number]
            start, size = number, 0
    yield start + 1, lines[start:]


def _spend(request: Request, gathering: Gathering, faults: Faults) -> None:
    # What cannot be read costs as much: finding that out is most of the work.
    brought = gathering.count + len(faults)
    if wait := _allowances.spend(request.sender.digest, brought, time.monotonic()):
        raise _too_fast(wait)


def _too_fast(wait: float) -> LiveError:
    return LiveError(ErrorCode.TOO_FAST, "Too many numbers for this token.", retry_after=wait)


async def _store(request: Request, read: Read, began: float) -> HttpResponse:
    gathering, sender = read.gathering, request.sender
    _spend(request, gathering, read.faults)
    points, homeless = await in_database(resolve, gathering, sender)
    if read.known and gathering.repeated:
        homeless |= read.known.homeless
    stored, repeated = sum(point.count for point in points.values()), gathering.repeated
    refused = gathering.count - repeated - stored
    if points:
        mark = read.mark and replace(read.mark, homeless=frozenset(homeless))
        if await storing().add(Sent(points, sender.source, mark, read.known)):
            stored, repeated = 0, repeated + stored
    _count(stored, repeated, refused, read.faults, began)
    answered = answer(stored + repeated, read.faults, homeless)
    if repeated and not stored:
        answered["Idempotent-Replayed"] = "true"
    return answered


_OUT_OF_TIME = (
    f"longer ago than {OLDEST_SECONDS // 86_400} days, or more than {AHEAD_SECONDS} s to come "
    "(is the precision right?)"
)


def _count(stored: int, repeated: int, refused: int, faults: Faults, began: float) -> None:
    counted.points.n += stored
    counted.repeated.n += repeated
    for reason, count in faults.by.items():
        counted.refused.by[reason] += count
    if refused:
        counted.refused.by[Reason.SERIES] += refused
    counted.seconds.observe(time.perf_counter() - began)
