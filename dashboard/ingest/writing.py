"""Numbers that are sent in: read, put together, stored, and only then answered."""

import asyncio
import time
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpResponse

from dashboard.ingest import bodies, counted, json_points, line_protocol
from dashboard.ingest.answers import answer
from dashboard.ingest.faults import Bad, Fault, Reason
from dashboard.ingest.gathering import AHEAD_SECONDS, KINDS, OLDEST_SECONDS, Gathering
from dashboard.ingest.requests import Request
from dashboard.ingest.storing import resolve, storing
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.database import in_database

# Lines between two turns of the event loop: about a millisecond and a half.
LINES_AT_ONCE = 400
# So many requests are read at once; the others wait before they take up memory.
READ_AT_ONCE = 4
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
    body = await _body(request)

    def parse() -> Iterator[Parsed]:
        lines = line_protocol.text_of(body).split("\n")
        for start in range(0, len(lines), LINES_AT_ONCE):
            yield line_protocol.parse(
                lines[start : start + LINES_AT_ONCE],
                nanoseconds=line_protocol.NANOSECONDS[precision],
                first=start + 1,
                kind=kind,
            )

    return await _store(request, parse())


async def write_json(request: Request) -> HttpResponse:
    """Take numbers as JSON."""
    try:
        parts = json_points.split(await _body(request))
    except Bad as bad:
        counted.refused.by[bad.reason] += 1
        raise LiveError(ErrorCode.BAD_REQUEST, str(bad)) from bad

    def parse() -> Iterator[Parsed]:
        for start in range(0, len(parts), LINES_AT_ONCE):
            yield json_points.parse(parts[start : start + LINES_AT_ONCE], first=start + 1)

    return await _store(request, parse())


async def _body(request: Request) -> bytes:
    return await bodies.read(request.receive, request.headers, most=settings.INGEST_BODY_BYTES)


async def _store(request: Request, parsed: Iterator[Parsed]) -> HttpResponse:
    began = time.perf_counter()
    gathering = Gathering(time.time_ns())
    faults = await _gather(gathering, parsed)
    if wait := _allowances.spend(request.sender.digest, gathering.count, time.monotonic()):
        raise LiveError(ErrorCode.TOO_FAST, "Too many numbers for this token.", retry_after=wait)
    points, homeless = await in_database(resolve, gathering, request.sender.source)
    stored = sum(point.count for point in points.values())
    if points:
        await storing().add(points)
    _count(gathering.count, stored, faults, began)
    return answer(stored, faults, homeless)


async def _gather(gathering: Gathering, parsed: Iterator[Parsed]) -> list[Fault]:
    faults: list[Fault] = []
    for lines, bad in parsed:
        faults += bad
        for head, fields, at, number in lines:
            if not gathering.add(head, fields, at):
                faults.append(Fault(number, Reason.TIME, _OUT_OF_TIME))
        # Everybody else's sockets come first.
        await asyncio.sleep(0)
    return sorted(faults)


_OUT_OF_TIME = (
    f"longer ago than {OLDEST_SECONDS // 86_400} days, or more than {AHEAD_SECONDS} s to come "
    "(is the precision right?)"
)


def _count(brought: int, stored: int, faults: list[Fault], began: float) -> None:
    counted.points.n += stored
    for fault in faults:
        counted.refused.by[fault.reason] += 1
    if brought > stored:
        counted.refused.by[Reason.SERIES] += brought - stored
    counted.seconds.observe(time.perf_counter() - began)
