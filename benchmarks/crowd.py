"""A crowd of sockets in one process: opens them, subscribes, posts, and counts what arrives.

Runs beside the server, pinned to another core, so that neither measures the other. It parses no
JSON: a frame of a message is known by a marker, which keeps the crowd cheaper than the server.
"""

import argparse
import asyncio
import base64
import json
import os
import struct
import sys
from functools import partial
from uuid import uuid4

MARKER = b'"kind":"message"'
SUBPROTOCOL = "signalbox.v1"


class Member(asyncio.Protocol):
    """One socket of the crowd."""

    def __init__(self, crowd: "Crowd", session: str) -> None:
        self.crowd = crowd
        self.session = session
        self.transport: asyncio.Transport | None = None
        self.open: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        host = f"127.0.0.1:{self.crowd.port}"
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (
                f"GET /ws/ HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: {SUBPROTOCOL}\r\n"
                f"Cookie: sessionid={self.session}\r\n\r\n"
            ).encode()
        )

    def data_received(self, data: bytes) -> None:
        if not self.open.done() and b"hello" in data:
            self.open.set_result(None)
        data = self._tail + data
        self.crowd.heard(data.count(MARKER))
        # A marker may be cut in two, but is not counted twice.
        self._tail = data[-(len(MARKER) - 1) :]

    def say(self, frame: dict[str, object]) -> None:
        """Send a frame, masked with zeros as a client may."""
        payload = json.dumps(frame).encode()
        length = len(payload)
        if length < 126:
            header = struct.pack("!BB", 0x81, 0x80 | length)
        else:
            header = struct.pack("!BBH", 0x81, 0x80 | 126, length)
        assert self.transport is not None
        self.transport.write(header + bytes(4) + payload)


class Crowd:
    """All sockets, and how many messages they have heard."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.members: list[Member] = []
        self.messages = 0
        self.expected = 0
        self.complete = asyncio.Event()

    def heard(self, count: int) -> None:
        self.messages += count
        if self.messages >= self.expected:
            self.complete.set()

    async def gather(self, room: str, sessions: list[str], count: int) -> None:
        loop = asyncio.get_running_loop()
        for number in range(count):
            member = Member(self, sessions[number % len(sessions)])
            await loop.create_connection(partial(_same, member), "127.0.0.1", self.port)
            await asyncio.wait_for(member.open, 10)
            member.say({"id": 1, "do": "subscribe", "topics": {room: None}})
            self.members.append(member)
        await asyncio.sleep(1)

    async def talk(self, room: str, posts: int, rate: float) -> None:
        """Post so many messages of 64 bytes, evenly, and wait until everybody heard them."""
        expected = self.messages + posts * len(self.members)
        for number in range(posts):
            speaker = self.members[number % len(self.members)]
            args = {"client_id": str(uuid4()), "text": "x" * 64}
            speaker.say({"id": 2, "do": "message.post", "topic": room, "args": args})
            await asyncio.sleep(1 / rate)
        self.expected, self.complete = expected, asyncio.Event()
        self.heard(0)
        await asyncio.wait_for(self.complete.wait(), 30)


def _same(member: Member) -> Member:
    return member


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--room")
    parser.add_argument("--sockets", type=int)
    parser.add_argument("--posts", type=int)
    parser.add_argument("--rate", type=float)
    options = parser.parse_args()
    sessions = json.loads(sys.stdin.readline())
    crowd = Crowd(options.port)
    await crowd.gather(options.room, sessions, options.sockets)
    await crowd.talk(options.room, options.sockets // 20, options.rate)  # warm
    before = crowd.messages
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = os.times()
    await crowd.talk(options.room, options.posts, options.rate)
    ended = os.times()
    cpu = ended.user + ended.system - began.user - began.system
    sys.stdout.write(json.dumps({"deliveries": crowd.messages - before, "crowd_cpu": cpu}) + "\n")


if __name__ == "__main__":
    asyncio.run(main())
