"""Somebody's inbox, followed over each transport by a page that is cut off every second."""

import json
import random
import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException
from threading import Event
from typing import Any

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.fleet import Fleet
from tests.faults.page import fetch
from tests.faults.reading import Frame, InboxReading
from tests.one_way import Browser, Stream
from tests.servers.installation import Installation
from tests.wire import dial

LOST = (OSError, HTTPException, ConnectionClosed, InvalidHandshake)
CUT_SECONDS = (0.5, 1.5)
PAUSE_SECONDS = (0.0, 0.3)


class Follower(ABC):
    """A thread that follows an inbox on whichever worker is there, from its cursor on."""

    def __init__(self, fleet: Fleet, session: str) -> None:
        self.reading = InboxReading()
        self.losses = 0
        self._fleet = fleet
        self._session = session
        self._ending = Event()
        self.refusals: Counter[str] = Counter()

    @contextmanager
    def here(self) -> "Iterator[Follower]":
        with ThreadPoolExecutor(1) as thread:
            following = thread.submit(self._follow_on)
            try:
                yield self
            finally:
                self._ending.set()
            # A mistake of the test's own must not look like silence.
            following.result(90)

    def _follow_on(self) -> None:
        while not self._ending.is_set():
            try:
                self.follow(random.choice(self._fleet.open_workers))
            except LOST as error:
                self.refusals[repr(error)[:100]] += 1
            self.losses += 1
            self._ending.wait(random.uniform(*PAUSE_SECONDS))

    @abstractmethod
    def follow(self, worker: Installation) -> None:
        """Be connected until the connection is lost."""

    def take(self, frame: Frame) -> None:
        """Take what was told: every frame follows on what is held, or says that it does not."""
        if "re" in frame:
            self.reading.begin()
        elif frame.get("topic") != "inbox":
            return
        elif frame.get("reset"):
            self._load(frame["rev"])
        elif not self.reading.take(frame):
            raise AssertionError(self.reading.faults)

    def _load(self, rev: int) -> None:
        """Load the state, and scroll back to where this page stood."""
        self.reading.reset(rev)
        state = self._get("/live/state?topic=inbox")
        rows = notifications = [row for row in state["rows"] if row["kind"] == "notification"]
        has_older = state["extra"]["older"]
        while has_older and self._is_beyond(notifications[-1]):
            last = notifications[-1]
            page = self._get(f"/inbox/items?before={last['seq']}&id={last['id']}")
            notifications, has_older = page["rows"], page["older"]
            rows += notifications
        self.reading.draw(sorted(rows, key=self.reading.place))
        self.reading.draw([row for row in state["rows"] if row["kind"] != "notification"])
        self.reading.cursor = max(self.reading.cursor, state["rev"])

    def _is_beyond(self, row: Frame) -> bool:
        return not self.reading.drawn or self.reading.place(row) > self.reading.drawn[-1]

    def _get(self, path: str) -> Any:
        while True:
            with suppress(*LOST):
                return fetch(random.choice(self._fleet.open_workers).url + path, self._session)
            time.sleep(random.uniform(*PAUSE_SECONDS))


class BySocket(Follower):
    """Over WebSockets."""

    def follow(self, worker: Installation) -> None:
        deadline = until_cut()
        with dial(worker, self._session, ping_interval=None, close_timeout=0) as connection:
            wanted = {"inbox": self.reading.cursor}
            connection.send(json.dumps({"id": 1, "do": "subscribe", "topics": wanted}))
            while (left := deadline - time.monotonic()) > 0:
                frame = json.loads(connection.recv(left))
                self.take(frame)
                if not frame:
                    connection.send("{}")


class OneWay(Follower):
    """Over plain HTTP: a stream is named once, and any worker may answer for it."""

    def __init__(self, fleet: Fleet, session: str) -> None:
        super().__init__(fleet, session)
        self._stream = Browser(fleet.workers[0].installation, session).stream(inbox=0)

    def stream_at(self, worker: Installation) -> Stream:
        self._stream.browser = Browser(worker, self._session)
        return self._stream


class ByEvents(OneWay):
    """Over Server-Sent Events."""

    def follow(self, worker: Installation) -> None:
        deadline = until_cut()
        with self.stream_at(worker).events() as events:
            for frame in events:
                self.take(frame)
                if time.monotonic() > deadline:
                    return


class ByPolling(OneWay):
    """Over long polling. Every few answers are lost on their way, as if they had never come."""

    def follow(self, worker: Installation) -> None:
        deadline = until_cut()
        stream = self.stream_at(worker)
        while time.monotonic() < deadline:
            for frame in stream.poll(wait=1):
                self.take(frame)
        before = stream.cursor
        stream.poll(wait=1)
        stream.cursor = before


FOLLOWERS: Sequence[type[Follower]] = (BySocket, ByEvents, ByPolling)


def until_cut() -> float:
    return time.monotonic() + random.uniform(*CUT_SECONDS)
