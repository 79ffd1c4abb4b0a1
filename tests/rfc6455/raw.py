"""A WebSocket client that writes any bytes at all, and reads as strictly as the standard allows."""

import json
import select
import socket as sockets
from dataclasses import dataclass
from itertools import cycle
from struct import pack, unpack
from typing import Any, NamedTuple, Self

SECONDS = 60
CHUNK = 65_536

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KEY = b"\x37\xfa\x21\x3d"


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    key: bytes | None = KEY,
    width: int | None = None,
    claims: int | None = None,
) -> bytes:
    """One frame of a client's. `width` is how many bits its length is written with, `claims` the
    length that it tells, `key` None leaves it unmasked: each of them may be wrong."""
    length = len(payload) if claims is None else claims
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    mask = 0 if key is None else 0x80
    match width or (7 if length < 126 else 16 if length < 65_536 else 64):
        case 7:
            head = pack("!BB", first, mask | length)
        case 16:
            head = pack("!BBH", first, mask | 126, length)
        case _:
            head = pack("!BBQ", first, mask | 127, length)
    return head + (payload if key is None else key + masked(payload, key))


def masked(payload: bytes, key: bytes) -> bytes:
    return bytes(byte ^ other for byte, other in zip(payload, cycle(key), strict=False))


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, pack("!H", code) + reason)


def command(name: str = "echo", *, number: int = 1, size: int = 0) -> bytes:
    """A command that does not exist: what it is called comes back in the refusal."""
    return json.dumps({"id": number, "do": name}, ensure_ascii=False).encode().ljust(size)


class Frame(NamedTuple):
    """What a server sent."""

    opcode: int
    payload: bytes


@dataclass
class Head:
    """How a server answered a handshake; `status` is None where it just hung up."""

    status: int | None
    headers: dict[str, str]


class Ended(Exception):
    """The connection has come to its end."""


class RawSocket:
    """One connection. Everything is read against a deadline."""

    def __init__(self, connection: sockets.socket) -> None:
        self.connection = connection
        self.connection.settimeout(SECONDS)
        self._received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    # --- sending --------------------------------------------------------------------------

    def send(self, *parts: bytes) -> None:
        """Send all parts, each as one piece where the network lets it be one."""
        for part in parts:
            self.connection.sendall(part)

    def close_half(self) -> None:
        """Send nothing more, and go on listening."""
        # Of the connection itself: a TLS socket's own would also stop decrypting.
        sockets.socket.shutdown(self.connection, sockets.SHUT_WR)

    def reset(self) -> None:
        """Go away without a farewell: the peer's next write meets a reset."""
        self.connection.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, pack("ii", 1, 0))
        self.connection.close()

    # --- hearing --------------------------------------------------------------------------

    def hear_head(self) -> Head:
        """Read the answer to a handshake."""
        try:
            while b"\r\n\r\n" not in self._received:
                self._receive()
        except Ended:
            return Head(None, {})
        head, _, self._received = self._received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        return Head(int(first.split()[1]), headers)

    def hear(self) -> Frame:
        """Read one frame, and hold the server to what the standard says of its frames."""
        first, second = self._take(2)
        length = second & 0x7F
        assert not second & 0x80, "a server never masks"
        assert not first & 0x70, "no extension was agreed on"
        assert first & 0x80, "this server does not fragment"
        if length == 126:
            [length] = unpack("!H", self._take(2))
            assert length > 125, "a length is written as short as it can be"
        elif length == 127:
            [length] = unpack("!Q", self._take(8))
            assert length > 65_535, "a length is written as short as it can be"
        opcode = first & 0x0F
        assert opcode in (TEXT, CLOSE, PING, PONG)
        assert opcode == TEXT or length <= 125
        return Frame(opcode, self._take(length))

    def hear_text(self, **fields: Any) -> dict[str, Any]:
        """Read until a text frame has these fields."""
        while True:
            heard = self.hear()
            assert heard.opcode != CLOSE, f"closed: {heard.payload!r}"
            if heard.opcode == TEXT:
                told: dict[str, Any] = json.loads(heard.payload)
                if fields.items() <= told.items():
                    return told

    def hear_pong(self) -> bytes:
        while (heard := self.hear()).opcode != PONG:
            assert heard.opcode == TEXT
        return heard.payload

    def echo(self, number: int = 1) -> str:
        """Read the refusal of a `command`, and return the name that it was given."""
        refused = self.hear_text(re=number)["error"]
        assert refused["code"] == "unknown"
        name: str = refused["detail"].partition("“")[2].partition("”")[0]
        return name

    def ending(self) -> int | None:
        """Read to the end of the connection, as one who answers a close, and return the code.

        None says that no close frame came before the end, 1005 that it had no code.
        """
        code = None
        try:
            while True:
                heard = self.hear()
                assert code is None, f"{heard} after the close frame"
                if heard.opcode == CLOSE:
                    code = 1005 if not heard.payload else int.from_bytes(heard.payload[:2], "big")
                    heard.payload[2:].decode()
                    self._answer(heard)
        except Ended:
            return code

    def is_cut(self) -> bool:
        """Whether the server ends both halves of the connection by itself, whatever we do."""
        both_halves = select.poll()
        both_halves.register(self.connection, 0)
        return bool(both_halves.poll(SECONDS * 1000))

    def _answer(self, heard: Frame) -> None:
        try:
            self.send(frame(CLOSE, heard.payload))
        except OSError:
            # The server did not wait for it, as it need not.
            return

    # --- bytes ----------------------------------------------------------------------------

    def _take(self, count: int) -> bytes:
        while len(self._received) < count:
            self._receive()
        taken, self._received = self._received[:count], self._received[count:]
        return taken

    def _receive(self) -> None:
        try:
            data = self.connection.recv(CHUNK)
        except ConnectionError:
            raise Ended from None
        if not data:
            raise Ended
        self._received += data
