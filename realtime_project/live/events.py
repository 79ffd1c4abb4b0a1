"""Server-Sent Events: the same frames as `data:`, and now and then an `id:` that says where the
client stands, which its browser sends back as `Last-Event-ID` when it comes again."""

import asyncio
import random
from typing import Any

from realtime_project.live import subscribing
from realtime_project.live.codes import CloseCode
from realtime_project.live.connection import Connection, hello
from realtime_project.live.exposition import Receive, Scope, Send
from realtime_project.live.one_way import Opening, place_of
from realtime_project.live.protocol import translate
from realtime_project.live.transport import EXTENSION, AsgiEvents, EventsTransport

ID_SECONDS = 2.0
PING_SECONDS = 15.0
AGE_SECONDS = (9 * 60.0, 11 * 60.0)
RETRY_MILLISECONDS = (500, 3000)
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    # nginx would gather events until a buffer is full.
    (b"x-accel-buffering", b"no"),
    # So that a reader who is stuck can be cut off, and nothing else with it.
    (b"connection", b"close"),
]


async def serve_events(scope: Scope, receive: Receive, send: Send, opening: Opening) -> None:
    """Tell one client of its topics until it leaves, or has been here long enough."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    transport = _transport(scope, send)
    retry = random.randint(*RETRY_MILLISECONDS)  # noqa: S311
    transport.write_block(b"retry: %d\n\n" % retry)
    connection = opening.connect(transport)
    transport.write(hello(connection))
    pulse = Pulse(connection, transport, opening.admitted.expires_in_seconds)
    try:
        await _subscribe(connection, opening)
        while (await receive())["type"] != "http.disconnect":
            pass
    finally:
        pulse.stop()
        transport.abandon()
        connection.end()


class Pulse:
    """What a stream says by itself: where the client stands, that the server lives, its end."""

    def __init__(
        self, connection: Connection, transport: EventsTransport, expires_in_seconds: float
    ) -> None:
        self._connection = connection
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._told = ""
        self._beats = 0
        self._timer = self._loop.call_later(ID_SECONDS, self._beat)
        age = random.uniform(*AGE_SECONDS)  # noqa: S311
        if expires_in_seconds < age:
            self._end = self._loop.call_later(
                expires_in_seconds, connection.close, CloseCode.SIGNED_OUT, "session expired"
            )
        else:
            # The browser comes back by itself, from the last id.
            self._end = self._loop.call_later(age, self._renew)

    def stop(self) -> None:
        """Say nothing more."""
        self._timer.cancel()
        self._end.cancel()

    def _beat(self) -> None:
        self._timer = self._loop.call_later(ID_SECONDS, self._beat)
        self._beats += 1
        if self._transport.is_writable:
            self._tell_place()
        if self._beats % int(PING_SECONDS / ID_SECONDS) == 0:
            # An event and not a comment: a page sees no comments.
            self._transport.write(b"{}")

    def _tell_place(self) -> None:
        word = place_of(self._connection).word()
        if word != self._told:
            self._told = word
            self._transport.write_block(b"id: %b\n\n" % word.encode())

    def _renew(self) -> None:
        self._tell_place()
        self._transport.close(CloseCode.RESTART, "stream is old")
        self._connection.end()


async def _subscribe(connection: Connection, opening: Opening) -> None:
    if not connection.is_open:
        return
    try:
        await subscribing.subscribe(connection, 0, opening.cursors)
    except Exception as error:
        if translate(error) is None:
            connection.close(CloseCode.OVERLOADED, "cannot be served now")
        raise


def _transport(scope: Scope, send: Send) -> EventsTransport:
    direct: Any = (scope.get("extensions") or {}).get(EXTENSION)
    if direct is None:
        return AsgiEvents(send)
    direct.begin()
    found: EventsTransport = direct
    return found
