"""Where frames leave the process. A subscription writes to a transport, never to a socket."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, ClassVar
from weakref import WeakSet

from realtime_project.live.codes import CloseCode

logger = logging.getLogger(__name__)

EXTENSION = "signalbox.transport"
"""The ASGI extension by which our server hands the application a faster way to write."""
DENIAL = "websocket.http.response"
"""The ASGI extension by which a handshake is refused with a status."""

Send = Callable[[Any], Awaitable[None]]
"""The `send` of an ASGI server."""


class Transport(ABC):
    """One client's way to receive frames. All methods are called on the event loop."""

    kind: ClassVar[str] = "other"
    """How frames leave the process, in one word."""
    is_open = True
    written = 0
    """How many frames have been written to it."""
    resumed = float("-inf")
    """When a client that was congested had taken what waited for it, by the loop's clock."""
    on_writable: Callable[[], None] = staticmethod(lambda: None)
    """Called when a transport that was congested can take frames again."""
    on_pong: Callable[[], None] = staticmethod(lambda: None)
    """Called when the client has answered a ping, where the transport itself sees that."""
    on_lost: Callable[[], None] = staticmethod(lambda: None)
    """Called when the transport finds that frames do not get through any more."""

    @property
    def is_abandoned(self) -> bool:
        """Whether the peer is known to have gone away. May be asked before it is accepted."""
        return False

    @property
    @abstractmethod
    def is_writable(self) -> bool:
        """Whether a frame that is not urgent should be written now rather than later."""

    @property
    def unsent_bytes(self) -> int:
        """How much waits in this process until the client takes it."""
        return 0

    @abstractmethod
    def write(self, frame: bytes) -> None:
        """Send one frame, after those written before. Does nothing once it is closed."""

    def take(self, frame: bytes) -> bool:
        """Send one frame that can wait, unless it should; returns whether it was sent."""
        if not self.is_writable:
            return False
        self.write(frame)
        return True

    @abstractmethod
    def close(self, code: CloseCode, reason: str) -> None:
        """End the connection. Nothing is written afterwards, also not what a fan-out that is
        under way still holds."""

    @abstractmethod
    def abandon(self) -> None:
        """Forget what waits to be sent: the peer is gone."""


_holding: WeakSet[Transport] = WeakSet()


def note_waiting(transport: Transport) -> None:
    """Note that something waits for this client, until it is asked how much."""
    _holding.add(transport)


def unsent() -> int:
    """Return how much waits in this process for all clients together. Nearly always most of them
    have taken all: only those are asked of which something was noted."""
    waiting = {one: one.unsent_bytes for one in list(_holding)}
    for one, size in waiting.items():
        if not size:
            _holding.discard(one)
    return sum(waiting.values())


class AsgiTransport(Transport):
    """A client behind any ASGI server: frames leave by the standard `send`.

    How congested the peer is, ASGI tells only by how long `send` takes. So what waits is counted
    here, and one task, which lives only while something waits, sends it in order.
    """

    HIGH_WATER_BYTES = 256 * 1024
    LOW_WATER_BYTES = 64 * 1024

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: deque[tuple[dict[str, Any], int]] = deque()
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._was_congested = False

    @property
    def is_writable(self) -> bool:
        return self.is_open and self._bytes < self.HIGH_WATER_BYTES

    @property
    def unsent_bytes(self) -> int:
        return self._bytes

    def write(self, frame: bytes) -> None:
        if not self.is_open:
            return
        self.written += 1
        self._bytes += len(frame)
        self._was_congested |= self._bytes >= self.HIGH_WATER_BYTES
        self._put(self._message(frame), len(frame))

    def close(self, code: CloseCode, reason: str) -> None:
        if not self.is_open:
            return
        self.is_open = False
        self._put(self._end(code, reason), 0)

    def abandon(self) -> None:
        self.is_open = False
        self._waiting.clear()

    @abstractmethod
    def _message(self, frame: bytes) -> dict[str, Any]:
        """Return the ASGI message that carries a frame."""

    @abstractmethod
    def _end(self, code: CloseCode, reason: str) -> dict[str, Any]:
        """Return the ASGI message that ends the connection."""

    def _put(self, message: dict[str, Any], size: int) -> None:
        self._waiting.append((message, size))
        if self._task is None:
            note_waiting(self)
            self._task = asyncio.ensure_future(self._drain())

    async def _drain(self) -> None:
        try:
            while self._waiting:
                message, size = self._waiting.popleft()
                await self._send(message)
                self._bytes -= size
                self._tell_writable()
        except Exception as error:  # noqa: BLE001 (whatever a server raises for a peer that is gone)
            logger.info("A socket takes no more frames: %r", error)
            self.abandon()
            with suppress(Exception):
                await self._send(self._end(CloseCode.RESTART, ""))
            self.on_lost()
        finally:
            self._task = None

    def _tell_writable(self) -> None:
        if self._was_congested and self._bytes <= self.LOW_WATER_BYTES:
            self._was_congested = False
            self.resumed = asyncio.get_running_loop().time()
            self.on_writable()


class AsgiSocket(AsgiTransport):
    """A WebSocket."""

    kind = "asgi"

    def _message(self, frame: bytes) -> dict[str, Any]:
        return {"type": "websocket.send", "text": frame.decode()}

    def _end(self, code: CloseCode, reason: str) -> dict[str, Any]:
        return {"type": "websocket.close", "code": int(code), "reason": reason}


class EventsTransport(Transport):
    """A response of Server-Sent Events: frames, and what the protocol of events says itself."""

    kind = "events"

    @abstractmethod
    def write_block(self, block: bytes) -> None:
        """Send one block of the stream as it is."""

    def write(self, frame: bytes) -> None:
        # JSON has no line breaks of its own.
        self.write_block(b"data: %b\n\n" % frame)


class AsgiEvents(AsgiTransport, EventsTransport):
    """The same behind any ASGI server. It ends without a word: the goodbye before says why."""

    kind = "events"

    def write(self, frame: bytes) -> None:
        EventsTransport.write(self, frame)

    def write_block(self, block: bytes) -> None:
        AsgiTransport.write(self, block)

    def _message(self, block: bytes) -> dict[str, Any]:
        return {"type": "http.response.body", "body": block, "more_body": True}

    def _end(self, code: CloseCode, reason: str) -> dict[str, Any]:
        return {"type": "http.response.body", "body": b"", "more_body": False}
