"""One page of one person: it speaks to a real worker as the browser does, and keeps what it saw."""

import asyncio
import contextlib
import json
import random
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from realtime_project.live.protocol import SUBPROTOCOL
from tests.faults.reading import Frame, Reading
from tests.servers.installation import Installation

COMMAND_SECONDS = 5.0
STABLE_SECONDS = 15.0
AWAY = (0.0, 5.0)
TRY_AGAIN = {"too_fast", "unavailable", "timeout", "disconnected"}


@dataclass(frozen=True)
class Closed:
    """How a socket of a page ended, and at which worker."""

    worker: str
    code: int
    was_cut: bool


@dataclass
class Post:
    """What somebody wrote, until it is acknowledged."""

    room: str
    text: str
    client_id: str = field(default_factory=lambda: str(uuid4()))


class Page:
    """A person's page on whichever worker takes it. It comes back by the rules of the browser's
    page, `haste` times sooner."""

    def __init__(
        self, session: str, topics: list[str], pick: Callable[[], Installation], haste: float = 1
    ) -> None:
        self.session = session
        self.readings = {topic: Reading(topic) for topic in topics}
        self.outbox: deque[Post] = deque()
        self.acknowledged: list[str] = []
        self.messages: list[int] = []
        self.refusals: list[str] = []
        self.closings: list[Closed] = []
        self.is_live = asyncio.Event()
        self._pick = pick
        self._haste = haste
        self._has_posts = asyncio.Event()
        self._answers: dict[int, asyncio.Future[Frame]] = {}
        self._buffers: dict[str, list[Frame]] = {}
        self._loading: set[asyncio.Task[None]] = set()
        self._connection: ClientConnection | None = None
        self.worker: Installation | None = None
        """Where it is connected, or tries to be."""
        self._ids = 0
        self._retry: tuple[float, float] | None = None
        self._was_cut = False

    @property
    def faults(self) -> list[str]:
        return [fault for reading in self.readings.values() for fault in reading.faults]

    # --- what a person does -----------------------------------------------------------------

    def write(self, room: str, text: str) -> None:
        """Put a message into the outbox."""
        self.outbox.append(Post(room, text))
        self._has_posts.set()

    async def edit_first(self, room: str) -> Frame:
        """Say the first of one's own messages in other words."""
        args = {"message": self.messages[0], "text": "in other words"}
        return await self.ask(do="message.edit", topic=room, args=args)

    def cut(self) -> None:
        """Lose the connection at once, with a reset, as when a cable is pulled and a router
        notices."""
        if self._connection is not None:
            self._was_cut = True
            reset(self._connection)

    # --- the outbox -------------------------------------------------------------------------

    async def empty_outbox(self) -> None:
        """Send what was written, one after the other; the same id again until it is answered."""
        while True:
            await self._has_posts.wait()
            while self.outbox:
                await self._send_first()
            self._has_posts.clear()

    async def _send_first(self) -> None:
        post = self.outbox[0]
        await self.is_live.wait()
        args = {"client_id": post.client_id, "text": post.text}
        answer = await self.ask(do="message.post", topic=post.room, args=args)
        if "ok" in answer:
            self.acknowledged.append(post.client_id)
            self.messages.append(answer["ok"]["id"])
            self.outbox.popleft()
            return
        error = answer["error"]
        self.refusals.append(error["code"])
        if error["code"] not in TRY_AGAIN:
            self.readings[post.room].faults.append(f"a post was refused: {error}")
        await asyncio.sleep(error.get("retry_after") or random.random())

    # --- the connection -----------------------------------------------------------------------

    async def live(self) -> None:
        """Be connected, for ever."""
        failures = 0
        while True:
            started = asyncio.get_running_loop().time()
            wait = await self._connect()
            if asyncio.get_running_loop().time() - started > STABLE_SECONDS:
                failures = 0
            longest = 1 if failures == 0 else min(30, 2 ** (failures - 1))
            low, high = wait or (0.0, longest)
            failures += 1
            await asyncio.sleep(random.uniform(low, high) / self._haste)

    async def _connect(self) -> tuple[float, float] | None:
        """Be connected once; returns between which times to come back, if that was said."""
        self.worker = worker = self._pick()
        self._retry, self._was_cut = None, False
        try:
            async with dial(worker, self.session) as self._connection:
                await self._serve(self._connection)
        except ConnectionClosed:
            self.closings.append(Closed(worker.url, self._close_code, self._was_cut))
        except (OSError, InvalidHandshake, TimeoutError) as error:
            self.refusals.append(f"handshake: {error!r}"[:100])
            return AWAY if isinstance(error, OSError) else None
        finally:
            self._lose()
        return self._retry

    @property
    def _close_code(self) -> int:
        code = self._connection.close_code if self._connection else None
        return 1006 if code is None else code

    def _lose(self) -> None:
        self.worker = None
        self.is_live.clear()
        for task in self._loading:
            task.cancel()
        self._buffers.clear()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_result({"error": {"code": "disconnected"}})
        self._answers.clear()

    async def _serve(self, connection: ClientConnection) -> None:
        reading_on = asyncio.ensure_future(self._read(connection))
        subscribing = asyncio.ensure_future(self._subscribe())
        try:
            await reading_on
        finally:
            subscribing.cancel()
            # Until it has ended: an answer that came with the cancellation makes it go on, and it
            # would call the next socket live before that has subscribed.
            await asyncio.wait([subscribing])

    async def _read(self, connection: ClientConnection) -> None:
        while True:
            self._take(json.loads(await connection.recv()))

    async def _subscribe(self) -> None:
        """Ask for what is held from its cursor on, until it is granted."""
        while wanted := self._wanted():
            cursors = {name: self.readings[name].cursor for name in wanted}
            answer = await self.ask(do="subscribe", topics=cursors)
            results = answer.get("ok", dict.fromkeys(wanted, answer))
            refused = {name for name, result in results.items() if "error" in result}
            for name in refused:
                if results[name]["error"]["code"] == "not_found":
                    self.readings[name].is_over = True
            if not refused:
                break
            await asyncio.sleep(1)
        self.is_live.set()

    def _wanted(self) -> list[str]:
        return [name for name, reading in self.readings.items() if not reading.is_over]

    async def ask(self, **frame: Any) -> Frame:
        """Send a command; returns its answer, or an error if there was none in time."""
        if self._connection is None:
            return {"error": {"code": "disconnected"}}
        self._ids += 1
        number = self._ids
        self._answers[number] = asyncio.get_running_loop().create_future()
        try:
            await self._connection.send(json.dumps({"id": number, **frame}))
            return await asyncio.wait_for(self._answers[number], COMMAND_SECONDS)
        except ConnectionClosed:
            return {"error": {"code": "disconnected"}}
        except TimeoutError:
            return {"error": {"code": "timeout"}}
        finally:
            self._answers.pop(number, None)

    # --- what the server says -------------------------------------------------------------------

    def _take(self, frame: Frame) -> None:
        if not frame:
            self._keep(self._pong())
        elif "re" in frame:
            for name in self.readings.keys() & frame.get("ok", {}).keys():
                # Subscribed, maybe again: what is told now begins at the cursor that was sent.
                self.readings[name].begin()
            if (answer := self._answers.get(frame["re"])) and not answer.done():
                answer.set_result(frame)
        elif frame.get("event") == "goodbye":
            self._retry = frame["data"].get("retry")
        elif frame.get("topic") in self.readings:
            self._take_topic(frame, self.readings[frame["topic"]])

    def _take_topic(self, frame: Frame, reading: Reading) -> None:
        if frame.get("event") == "left":
            reading.is_over = True
        elif reading.name in self._buffers:
            self._buffers[reading.name].append(frame)
        elif frame.get("reset"):
            reading.reset(frame["rev"])
            self._buffers[reading.name] = []
            self._keep(self._load(reading))
        elif "rows" in frame and not reading.take(frame):
            self._keep(self._mend(reading))

    async def _pong(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(ConnectionClosed):
                await self._connection.send("{}")

    async def _mend(self, reading: Reading) -> None:
        await self.ask(do="subscribe", topics={reading.name: reading.cursor})

    async def _load(self, reading: Reading) -> None:
        """Load the state after a reset, and scroll back to where this page stood."""
        state = await self._get("/live/state", topic=reading.name)
        kind, _, number = reading.name.partition(":")
        while kind == "room":
            after = reading.drawn[-1] if reading.drawn else 0
            page = await self._get(f"/rooms/{number}/messages", after=after)
            reading.draw(page["rows"])
            if not page["newer"]:
                break
        reading.draw(state["rows"] if kind != "room" else [])
        reading.cursor = max(reading.cursor, state["rev"])
        for frame in self._buffers.pop(reading.name, []):
            self._take_topic(frame, reading)

    async def _get(self, path: str, **query: Any) -> Any:
        while True:
            worker = self.worker or self._pick()
            url = f"{worker.url}{path}?{urlencode(query)}"
            try:
                return await asyncio.to_thread(fetch, url, self.session)
            except (URLError, OSError):
                await asyncio.sleep(random.uniform(1, 2))

    def _keep(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)


def dial(worker: Installation, session: str) -> connect:
    """Open a socket as a page of this worker does."""
    return connect(
        f"ws://127.0.0.1:{worker.port}/ws/",
        origin=worker.url,  # type: ignore[arg-type]
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        additional_headers={"Cookie": f"sessionid={session}"},
        compression=None,
        ping_interval=None,
        close_timeout=2,
        max_size=None,
    )


def reset(connection: ClientConnection) -> None:
    """End a connection by an RST, and not by a FIN."""
    one = connection.transport.get_extra_info("socket")
    with contextlib.suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.transport.abort()


def fetch(url: str, session: str) -> Any:
    request = Request(url, headers={"Cookie": f"sessionid={session}"})  # noqa: S310 (a worker of this test)
    with urlopen(request, timeout=60) as response:  # noqa: S310
        return json.load(response)
