"""Numbers that are sent in: read, put together, stored, and only then answered."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any

from django.conf import settings
from django.http import HttpResponse

from dashboard.ingest import bodies, counted, json_points, line_protocol
from dashboard.ingest.answers import answer
from dashboard.ingest.faults import Bad, Fault, Faults, Reason
from dashboard.ingest.gathering import (
    AHEAD_SECONDS,
    KINDS,
    MOST_NUMBERS,
    OLDEST_SECONDS,
    Gathering,
)
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


async def write(request: Request) -> HttpResponse:
    """Take line protocol."""
    precision = request.query.get("precision") or "ns"
    kind = request.query.get("kind") or "gauge"
    if precision not in line_protocol.NANOSECONDS:
        raise LiveError(ErrorCode.BAD_REQUEST, "precision is one of ns, us, ms, s.")
    if kind not in KINDS:
        raise LiveError(ErrorCode.BAD_REQUEST, f"kind is one of {', '.join(KINDS)}.")
    nanoseconds = line_protocol.NANOSECONDS[precision]
    began = time.perf_counter()
    async with bodies.turn():
        body = await _body(request)
        bodies.check_lines(body, MOST_NUMBERS)
        lines = line_protocol.text_of(body).split("\n")
        gathered = await _gather(
            request,
            (
                line_protocol.parse(part, nanoseconds=nanoseconds, first=first, kind=kind)
                for first, part in _slices(lines)
            ),
        )
    return await _store(request, *gathered, began)


async def write_json(request: Request) -> HttpResponse:
    """Take numbers as JSON."""
    began = time.perf_counter()
    async with bodies.turn():
        try:
            parts = json_points.split(await _body(request), MOST_NUMBERS)
        except Bad as bad:
            counted.refused.by[bad.reason] += 1
            is_large = bad.reason is Reason.SIZE
            code = ErrorCode.TOO_LARGE if is_large else ErrorCode.BAD_REQUEST
            raise LiveError(code, str(bad)) from bad
        gathered = await _gather(
            request, (json_points.parse(part, first=first) for first, part in _slices(parts))
        )
    return await _store(request, *gathered, began)


async def _body(request: Request) -> bytes:
    if wait := _allowances.wait(request.sender.digest, time.monotonic()):
        # Before anything of it is read.
        raise _too_fast(wait)
    return await bodies.read(request.receive, request.headers, most=settings.INGEST_BODY_BYTES)


def _slices(lines: Sequence[Sized]) -> Iterator[tuple[int, Any]]:
    """Cut lines into parts, each with the number of its first line."""
    start, size = 0, 0
    for number, line in enumerate(lines, 1):
        size += len(line)
        if size >= BYTES_AT_ONCE or number - start == LINES_AT_ONCE:
            yield start + 1, lines[start:number]
            start, size = number, 0
    yield start + 1, lines[start:]


async def _gather(request: Request, parsed: Iterable[Parsed]) -> tuple[Gathering, Faults]:
    gathering, faults = Gathering(time.time_ns()), Faults()
    for lines, bad in parsed:
        for head, fields, at, number in lines:
            if not gathering.add(head, fields, at):
                bad.append(Fault(number, Reason.TIME, _OUT_OF_TIME))
        faults.add(bad)
        if gathering.count + len(faults) > MOST_NUMBERS:
            _spend(request, gathering, faults)
            raise LiveError(
                ErrorCode.TOO_LARGE, f"More than {MOST_NUMBERS} numbers. Send less at once."
            )
        # Everybody else's sockets come first.
        await asyncio.sleep(0)
    return gathering, faults


def _spend(request: Request, gathering: Gathering, faults: Faults) -> None:
    # What cannot be read costs as much: finding that out is most of the work.
    brought = gathering.count + len(faults)
    if wait := _allowances.spend(request.sender.digest, brought, time.monotonic()):
        raise _too_fast(wait)


def _too_fast(wait: float) -> LiveError:
    return LiveError(ErrorCode.TOO_FAST, "Too many numbers for this token.", retry_after=wait)


async def _store(
    request: Request, gathering: Gathering, faults: Faults, began: float
) -> HttpResponse:
    _spend(request, gathering, faults)
    points, homeless = await in_database(resolve, gathering, request.sender.source)
    stored = sum(point.count for point in points.values())
    if points:
        await storing().add(points)
    _count(gathering.count, stored, faults, began)
    return answer(stored, faults, homeless)


_OUT_OF_TIME = (
    f"longer ago than {OLDEST_SECONDS // 86_400} days, or more than {AHEAD_SECONDS} s to come "
    "(is the precision right?)"
)


def _count(brought: int, stored: int, faults: Faults, began: float) -> None:
    counted.points.n += stored
    for reason, count in faults.by.items():
        counted.refused.by[reason] += count
    if brought > stored:
        counted.refused.by[Reason.SERIES] += brought - stored
    counted.seconds.observe(time.perf_counter() - began)
