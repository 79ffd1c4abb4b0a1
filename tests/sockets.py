"""A client that speaks the protocol to the ASGI application in this process."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from django.conf import settings

from realtime_project.accounts.models import User
from realtime_project.live.database import in_database
from realtime_project.live.protocol import SUBPROTOCOL
from realtime_project.routing import websockets
from tests.cast import sign_in

ORIGIN = "http://127.0.0.1:8000"
SECONDS = 60


class Refused(Exception):
    """The handshake was refused."""


class Socket:
    """One open socket. What arrives is kept in order in `frames`."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self._in: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._news = asyncio.Event()
        self._accepted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._ids = 0

    async def open(self, scope: Mapping[str, Any]) -> None:
        self._in.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(websockets(dict(scope), self._in.get, self._take))  # type: ignore[arg-type]
        async with asyncio.timeout(SECONDS):
            is_accepted = await self._accepted
        if not is_accepted:
            await self._task
            raise Refused

    async def leave(self, code: int = 1000) -> None:
        """Close the socket as a browser does."""
        assert self._task is not None
        self._in.put_nowait({"type": "websocket.disconnect", "code": code})
        async with asyncio.timeout(SECONDS):
            await self._task

    # --- sending --------------------------------------------------------------------------

    def send(self, frame: Any) -> None:
        self.send_text(json.dumps(frame))

    def send_text(self, text: str) -> None:
        self._in.put_nowait({"type": "websocket.receive", "text": text})

    def send_bytes(self, data: bytes) -> None:
        self._in.put_nowait({"type": "websocket.receive", "bytes": data})

    async def ask(self, do: str, topic: str | None = None, /, **args: Any) -> Any:
        """Give a command and return what it answers; a refusal as `{"error": …}`."""
        self._ids += 1
        frame: dict[str, Any] = {"id": self._ids, "do": do}
        if topic is not None:
            frame |= {"topic": topic, "args": args}
        else:
            frame |= args
        self.send(frame)
        answer = await self.hears(re=self._ids)
        return answer.get("ok", answer)

    async def subscribe(self, **cursors: int | None) -> Any:
        """Subscribe to topics; `room_7=3` is `room:7` from rev 3 on."""
        topics = {name.replace("_", ":"): cursor for name, cursor in cursors.items()}
        return await self.ask("subscribe", topics=topics)

    async def post(self, topic: str, text: str, client_id: str | None = None) -> Any:
        return await self.ask("message.post", topic, client_id=client_id or str(uuid4()), text=text)

    # --- hearing --------------------------------------------------------------------------

    async def hears(self, **fields: Any) -> dict[str, Any]:
        """Wait for a frame with these fields, and return it."""
        frame: dict[str, Any] = await self.until(
            lambda: self._find(fields), f"no frame with {fields}"
        )
        return frame

    async def hears_message(self, text: str) -> dict[str, Any]:
        """Wait for a message with this text, and return its row."""
        row: dict[str, Any] = await self.until(
            lambda: next((row for row in self.messages() if text in row["html"]), None),
            f"no message with {text!r}",
        )
        return row

    async def is_closed(self) -> int:
        """Wait for the end of the socket and return its close code."""
        code: int = await self.until(lambda: self.closed_with, "the socket stays open")
        return code

    async def settle(self) -> None:
        """Wait until everything asked before this has been answered and told."""
        answer = await self.ask("unsubscribe", topics=["nothing"])
        assert answer == {}

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row of a kind that arrived, in the order of arrival."""
        return [
            row for frame in self.frames for row in frame.get("rows", ()) if row["kind"] == kind
        ]

    def messages(self) -> list[dict[str, Any]]:
        return self.rows("message")

    def heads(self, room: int) -> list[dict[str, Any]]:
        """Every head of a room that arrived."""
        events = [frame for frame in self.frames if frame.get("event") == "heads"]
        return [head for frame in events for head in frame["data"]["heads"] if head["room"] == room]

    def _find(self, fields: dict[str, Any]) -> dict[str, Any] | None:
        for frame in self.frames:
            if all(name in frame and frame[name] == value for name, value in fields.items()):
                return frame
        return None

    async def until(self, found: Callable[[], Any], complaint: str) -> Any:
        """Wait until `found` returns something other than None, and return it."""
        try:
            async with asyncio.timeout(SECONDS):
                while (value := found()) is None:
                    self._news.clear()
                    await self._news.wait()
                return value
        except TimeoutError:
            raise AssertionError(f"{complaint}; heard {self.frames}") from None

    async def _take(self, message: Any) -> None:
        match message["type"]:
            case "websocket.accept":
                assert message["subprotocol"] == SUBPROTOCOL
                self._accepted.set_result(True)
            case "websocket.send":
                assert self.closed_with is None, "a frame after the close"
                self.frames.append(json.loads(message["text"]))
            case "websocket.close":
                self.closed_with = message.get("code", 1000)
                if not self._accepted.done():
                    self._accepted.set_result(False)
        self._news.set()


@asynccontextmanager
async def connected(person: User, *, session: str | None = None) -> AsyncIterator[Socket]:
    """A socket of somebody who is signed in, closed at the end."""
    key = session or await in_database(sign_in, person)
    socket = Socket()
    await socket.open(handshake(key))
    try:
        await socket.hears(event="hello")
        yield socket
    finally:
        await socket.leave()


def handshake(
    session: str | None,
    *,
    origin: str | None = ORIGIN,
    subprotocols: tuple[str, ...] = (SUBPROTOCOL,),
    address: str = "127.0.0.1",
) -> dict[str, Any]:
    """The ASGI scope of a handshake."""
    headers = [(b"host", b"127.0.0.1:8000")]
    if origin is not None:
        headers.append((b"origin", origin.encode()))
    if session is not None:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
    return {
        "type": "websocket",
        "path": "/ws/",
        "headers": headers,
        "subprotocols": list(subprotocols),
        "client": [address, 50_000],
        "query_string": b"",
    }
