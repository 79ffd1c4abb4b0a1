"""Clients that speak to a server process over real sockets."""

import json
import socket as sockets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from uuid import uuid4

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from realtime_project.live.protocol import SUBPROTOCOL
from tests.servers.installation import Installation

SECONDS = 60
PAGE = "word " * 1900
"""Nearly as much as one post may hold."""

MAKE_PEOPLE = """
import json
from tests.cast import make_person, make_room, sign_in
from tests.hashing import hash_passwords_fast
hash_passwords_fast()
people = [make_person(name) for name in {names}]
room = make_room(*people, name=f"room of {{people[0]}}")
print(json.dumps([room.key, [sign_in(person) for person in people]]))
"""


def make_people(installation: Installation, *names: str) -> tuple[str, list[str]]:
    """Make people who share a room; returns its topic, and a session of each."""
    script = MAKE_PEOPLE.format(names=names)
    printed = installation.manage("shell", "--verbosity=0", "-c", script)
    room, sessions = json.loads(printed.splitlines()[-1])
    return room, sessions


def dial(installation: Installation, session: str, **options: Any) -> ClientConnection:
    """Open a socket as a page of this installation does."""
    headers = {"Cookie": f"sessionid={session}", **options.pop("headers", {})}
    options.setdefault("origin", installation.url)
    options.setdefault("subprotocols", [SUBPROTOCOL])
    connection: ClientConnection = connect(
        f"ws://127.0.0.1:{installation.port}/ws/",
        additional_headers=headers,
        max_size=None,
        compression=None,
        **options,
    )
    return connection


class Client:
    """A socket that keeps what it hears of one room."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[dict[str, Any]] = []
        self._ids = 0

    def tell(self, **frame: Any) -> int:
        self._ids += 1
        self.connection.send(json.dumps({"id": self._ids, **frame}))
        return self._ids

    def ask(self, **frame: Any) -> dict[str, Any]:
        number = self.tell(**frame)
        return self.hear(lambda answer: answer.get("re") == number)

    def subscribe(self, room: str, cursor: int | None = None) -> dict[str, Any]:
        return self.ask(do="subscribe", topics={room: cursor})

    def post(self, room: str, text: str) -> dict[str, Any]:
        return self.ask(
            do="message.post", topic=room, args={"client_id": str(uuid4()), "text": text}
        )

    def hear(self, wanted: Any) -> dict[str, Any]:
        """Read until a frame is the one wanted, and return it."""
        while True:
            frame = self._take(self.connection.recv(SECONDS))
            if wanted(frame):
                return frame

    def hear_for(self, seconds: float) -> None:
        """Read whatever comes, until this time has passed."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            with suppress(TimeoutError):
                self._take(self.connection.recv(left))

    def hear_all(self, room: str, count: int) -> list[dict[str, Any]]:
        """Read until `count` messages were heard, and return them in the order of arrival."""
        while len(self.messages(room)) < count:
            self.hear(lambda frame: frame.get("topic") == room)
        return self.messages(room)

    def _take(self, text: str | bytes) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(text)
        self.frames.append(frame)
        if not frame:  # a ping: on a slow machine a test outlives some
            self.connection.send("{}")
        return frame

    def messages(self, room: str) -> list[dict[str, Any]]:
        changes = [frame for frame in self.frames if frame.get("topic") == room]
        return [
            row for frame in changes for row in frame.get("rows", ()) if row["kind"] == "message"
        ]

    def close_code(self) -> int | None:
        """Read to the end, and return the code with which the server closed."""
        try:
            while True:
                self.hear(lambda _: False)
        except ConnectionClosed:
            return self.connection.close_code


@contextmanager
def client(installation: Installation, session: str, **options: Any) -> Iterator[Client]:
    """A client that has been greeted; its connection is closed at the end."""
    with dial(installation, session, **options) as connection:
        one = Client(connection)
        one.hear(lambda frame: frame.get("event") == "hello")
        yield one


def speak(installation: Installation, room: str, authors: list[str]) -> None:
    """Have each say as much at once as one person may: 15 pages."""
    for author in authors:
        with client(installation, author) as theirs:
            theirs.subscribe(room)
            for _ in range(15):
                assert "ok" in theirs.post(room, PAGE)


def small_socket(installation: Installation) -> sockets.socket:
    """A connected TCP socket that takes only a few kilobytes before somebody reads."""
    one = sockets.socket()
    one.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, 4096)
    one.connect(("127.0.0.1", installation.port))
    return one
