"""Long polling, where nothing that streams gets through: each request waits until there is
something to tell, and carries along where the client stands."""

import asyncio
import zlib
from collections.abc import Iterable
from typing import Any

import msgspec
from django.http import HttpResponse

from realtime_project.live import subscribing
from realtime_project.live.changes import encode
from realtime_project.live.codes import CloseCode
from realtime_project.live.connection import Connection, hello
from realtime_project.live.exposition import Receive, Scope, Send
from realtime_project.live.one_way import Opening, place_of, respond
from realtime_project.live.transport import Transport

MAX_WAIT_SECONDS = 25.0
COMPANY_SECONDS = 0.3
MAX_BYTES = 256 * 1024


class Collected(Transport):
    """Keeps frames until they are fetched all together."""

    kind = "poll"

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.news = asyncio.Event()
        self._bytes = 0

    @property
    def is_writable(self) -> bool:
        return self.is_open and self._bytes < MAX_BYTES

    @property
    def unsent_bytes(self) -> int:
        return self._bytes

    def write(self, frame: bytes) -> None:
        if self.is_open:
            self.frames.append(frame)
            self._bytes += len(frame)
            self.news.set()

    def close(self, code: CloseCode, reason: str) -> None:
        self.is_open = False
        self.news.set()

    def abandon(self) -> None:
        self.is_open = False


class Told(msgspec.Struct):
    """What a frame is about, as far as it matters for waiting."""

    re: int | None = None
    ok: dict[str, dict[str, object]] = {}
    rows: list[msgspec.Raw] | None = None
    reset: bool = False
    topic: str = ""
    event: str = ""
    state: msgspec.Raw = msgspec.Raw(b"")

    @property
    def refusals(self) -> dict[str, dict[str, object]]:
        """The topics that were not granted, with the reason."""
        return {name: result for name, result in self.ok.items() if "error" in result}


_read = msgspec.json.Decoder(Told).decode


async def serve_poll(scope: Scope, receive: Receive, send: Send, opening: Opening) -> None:
    """Answer with what there is to tell, or after a while with nothing."""
    transport = Collected()
    connection = opening.connect(transport)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        shown = await _first(connection, transport, opening)
        await _wait(transport, leaving, min(opening.wait_seconds, MAX_WAIT_SECONDS))
        if not leaving.done():
            word = place_of(connection, shown).word()
            body = b'{"frames":[%b],"cursor":"%b"}' % (b",".join(transport.frames), word.encode())
            await respond(send, HttpResponse(body, content_type="application/json"))
    finally:
        leaving.cancel()
        connection.end()


async def _first(connection: Connection, transport: Collected, opening: Opening) -> int:
    """Subscribe, and keep what is news of what is told at once. Returns the sum over what has no
    cursor: heads, snapshots and refusals come anew with each subscription, and count when they
    differ."""
    if not connection.is_open:
        return 0
    shown_before = opening.place.shown if opening.place is not None else None
    if shown_before is None:
        transport.write(hello(connection))
    await subscribing.subscribe(connection, 0, opening.cursors)
    told = [(frame, _read(frame)) for frame in transport.frames]
    shown = sum_of_timeless(transport.frames)
    if shown == shown_before:
        told = [(frame, one) for frame, one in told if one.re is not None or _has_cursor(one)]
        # What was refused before is no news: who asks again at once would go round and round.
        is_news = any(_has_cursor(one) for _, one in told)
    else:
        is_news = any(one.re is None or one.refusals for _, one in told)
    if not is_news:
        told = []
    transport.frames = [frame for frame, _ in told]
    if not told:
        transport.news.clear()
    return shown


def sum_of_timeless(frames: Iterable[bytes]) -> int:
    """Return a sum over what these frames tell that has no cursor, the same on every worker."""
    told = ((frame, _read(frame)) for frame in frames)
    return zlib.crc32(b"".join(_timeless(frame, one) for frame, one in told))


def _timeless(frame: bytes, told: Told) -> bytes:
    if told.refusals:
        return encode(told.refusals)
    if told.re is not None or told.event == "hello" or _has_cursor(told):
        return b""
    # Each worker counts the versions of a snapshot for itself.
    return encode((told.topic, told.state)) if bytes(told.state) else frame


async def _wait(transport: Collected, leaving: "asyncio.Future[Any]", seconds: float) -> None:
    news: asyncio.Future[Any] = asyncio.ensure_future(transport.news.wait())
    try:
        await asyncio.wait([news, leaving], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if news.done() and transport.is_open:
            # Seldom does one come alone.
            await asyncio.wait([leaving], timeout=COMPANY_SECONDS)
    finally:
        news.cancel()


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _has_cursor(told: Told) -> bool:
    return told.reset or told.rows is not None
