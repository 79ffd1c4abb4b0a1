"""Very many sockets that only listen: as little as a client can be, so that it is the server that
is measured."""

import asyncio
import contextlib
import json
import random
import resource
import socket
import struct
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from realtime_project.live.protocol import SUBPROTOCOL
from tests.faults.beside import Beside
from tests.servers.installation import Installation

SOCKETS_A_PERSON = 20
HANDSHAKE_SECONDS = 10
UPGRADED = b"HTTP/1.1 101"
PING = b"\x81\x02{}"
ANSWER = b'{"re":1,"ok":'


class Herd:
    """Sockets of one worker, all subscribed to the same topics."""

    def __init__(
        self,
        worker: Installation,
        sessions: Sequence[str],
        topics: Sequence[str],
        count: int,
        kind: "Callable[[Herd, str, Sequence[str]], Listener] | None" = None,
    ) -> None:
        self.worker = worker
        self.beside = Beside()
        kind = kind or Listener
        self.listeners = [
            kind(self, sessions[number % len(sessions)], topics) for number in range(count)
        ]

    @contextmanager
    def here(self, patience: float) -> "Iterator[Herd]":
        _allow_descriptors(len(self.listeners))
        with self.beside.running():
            for listener in self.listeners:
                self.beside.run(listener.come())
            self.until_told(patience)
            yield self
            self.beside.loop.call_soon_threadsafe(self._leave)

    def until_told(self, patience: float, losses: int = 0) -> float:
        """Wait until all are subscribed, each after so many lost connections; returns how many
        seconds that took."""
        return self._until(lambda one: one.is_told and one.losses >= losses, patience)

    def until_heard(self, text: str, patience: float) -> None:
        """Wait until all have heard something."""
        self._until(lambda one: one.heard(text) > 0, patience)

    def reset_one(self) -> None:
        """End one listener's connection with an RST; it comes back."""
        listener = random.choice(self.listeners)
        self.beside.loop.call_soon_threadsafe(listener.reset)

    def _until(self, is_true: "Callable[[Listener], bool]", patience: float) -> float:
        started = time.monotonic()
        while missing := sum(not is_true(one) for one in self.listeners):
            assert time.monotonic() - started < patience, f"{missing} of them are missing"
            # Rarely: looking through all of them takes the time that answering them needs.
            time.sleep(0.2)
        return time.monotonic() - started

    def _leave(self) -> None:
        for listener in self.listeners:
            listener.leave()


class Listener(asyncio.Protocol):
    """One socket. It comes back when it is lost."""

    def __init__(self, herd: Herd, session: str, topics: Sequence[str]) -> None:
        self.is_told = False
        self.losses = 0
        self.resets = 0
        self._failures = 0
        self._herd = herd
        self._session = session
        self._cursors: dict[str, int | None] = dict.fromkeys(topics)
        self._transport: asyncio.Transport | None = None
        self._data = b""
        self._is_leaving = False

    def heard(self, text: str) -> int:
        return self._data.count(text.encode())

    async def come(self) -> None:
        """Connect as a page does: within a second, later after pauses that double."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(random.uniform(0, min(30, 2**self._failures)))
        self._failures += 1
        if not self._is_leaving:
            try:
                await loop.create_connection(lambda: self, "127.0.0.1", self._herd.worker.port)
            except OSError:
                await self.come()
            else:
                loop.call_later(HANDSHAKE_SECONDS, self._give_up, self._transport)

    def _give_up(self, transport: asyncio.Transport | None) -> None:
        if transport is not None and transport is self._transport and b"\r\n" not in self._data:
            transport.abort()

    def reset(self) -> None:
        if self._transport is not None and self.is_told:
            one = self._transport.get_extra_info("socket")
            with contextlib.suppress(OSError):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.resets += 1
            self._transport.abort()

    def leave(self) -> None:
        self._is_leaving = True
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._data = transport, b""
        transport.write(handshake(self._herd.worker, self._session))

    def data_received(self, data: bytes) -> None:
        was_upgraded = self._data.startswith(UPGRADED)
        self._data += data
        if not was_upgraded and b"\r\n\r\n" in self._data and self._data.startswith(UPGRADED):
            assert self._transport is not None
            self._transport.write(client_frame(self._subscription()))
        if not self.is_told and ANSWER in self._data:
            self._take_answer(self._data[self._data.index(ANSWER) :])
        if PING in data and self._transport is not None:
            self._transport.write(client_frame(b"{}"))

    def _subscription(self) -> bytes:
        """To go on from where it stood, if it has been here."""
        return json.dumps({"id": 1, "do": "subscribe", "topics": self._cursors}).encode()

    def _take_answer(self, data: bytes) -> None:
        with contextlib.suppress(json.JSONDecodeError):  # the rest of it is on its way
            # Frames follow it, which are no text; the revs are ASCII.
            answer, _ = json.JSONDecoder().raw_decode(data.decode("latin1"))
            self._cursors = {topic: told["rev"] for topic, told in answer["ok"].items()}
            self.is_told = True
            self._failures = 0

    def connection_lost(self, _: Exception | None) -> None:
        self.is_told = False
        self.losses += 1
        if not self._is_leaving:
            asyncio.ensure_future(self.come())  # noqa: RUF006 (the loop ends all that runs on it)


def handshake(worker: Installation, session: str) -> bytes:
    """What a browser sends to open a socket."""
    lines = [
        "GET /ws/ HTTP/1.1",
        f"Host: 127.0.0.1:{worker.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SUBPROTOCOL}",
        f"Origin: {worker.url}",
        f"Cookie: sessionid={session}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def client_frame(payload: bytes) -> bytes:
    """A text frame, masked with zeros: it is the same text."""
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else bytes([0xFE]) + size.to_bytes(2, "big")
    return b"\x81" + length + bytes(4) + payload


def _allow_descriptors(count: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(hard, max(soft, count + 1000))
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
