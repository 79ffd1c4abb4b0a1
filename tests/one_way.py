"""Clients without a WebSocket, over real HTTP connections."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from typing import Any
from urllib.parse import quote

from tests.servers.installation import Installation

CSRF_TOKEN = "a" * 32
SECONDS = 60


def command_frame(command: str, topic: str, **args: Any) -> dict[str, Any]:
    """What is posted to have a command carried out."""
    return {"do": command, "topic": topic, "args": args}


class Browser:
    """Somebody's browser whose pages use plain HTTP."""

    def __init__(self, installation: Installation, session: str) -> None:
        self.installation = installation
        self.cookies = f"sessionid={session}; csrftoken={CSRF_TOKEN}"

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """Send JSON as a page does; returns the status and what was answered."""
        answer = self.submit(path, body, **headers)
        return answer.status, answer.json

    def submit(self, path: str, body: Any, **headers: str) -> "Answer":
        """Send JSON as a page does."""
        about = {
            "Content-Type": "application/json",
            "X-CSRFToken": CSRF_TOKEN,
            "Origin": self.installation.url,
        }
        return self.ask("POST", path, json.dumps(body), **(about | headers))

    def do(self, command: str, topic: str, **args: Any) -> Any:
        status, answer = self.post("/live/commands", command_frame(command, topic, **args))
        assert status == 200, answer
        return answer["ok"]

    def stream(self, **topics: int | None) -> "Stream":
        """Name a stream of topics; `room_7=3` is `room:7` from rev 3 on."""
        wanted = {name.replace("_", ":"): cursor for name, cursor in topics.items()}
        status, named = self.post("/live/streams", {"topics": wanted})
        assert status == 200, named
        return Stream(self, named["id"], named["cursor"])

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> "Answer":
        """Ask for something that is answered at once."""
        with self.request(method, path, body, **headers) as response:
            return Answer(response.status, response.headers, response.read())

    @contextmanager
    def request(
        self, method: str, path: str, body: str | None = None, **headers: str
    ) -> Iterator[HTTPResponse]:
        """Ask for something, and read the answer while it comes."""
        connection = HTTPConnection("127.0.0.1", self.installation.port, timeout=SECONDS)
        with closing(connection):
            connection.request(method, path, body, {"Cookie": self.cookies} | headers)
            with connection.getresponse() as response:
                yield response


@dataclass(frozen=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body.startswith(b"{") else None


class Stream:
    """The topics that a page wants, and where it stands in them."""

    def __init__(self, browser: Browser, name: str, cursor: str) -> None:
        self.browser = browser
        self.name = name
        self.cursor = cursor
        self.is_away = False

    def poll(self, wait: int = 10) -> list[dict[str, Any]]:
        path = f"{self._path('poll')}&wait={wait}"
        answer = self.browser.ask("GET", path)
        assert answer.status == 200, answer
        self.cursor = answer.json["cursor"]
        frames: list[dict[str, Any]] = answer.json["frames"]
        return frames

    @contextmanager
    def events(self, **headers: str) -> "Iterator[Events]":
        with self.browser.request("GET", self._path("events"), **headers) as response:
            yield Events(self, response)

    def _path(self, way: str) -> str:
        return f"/live/{way}/{self.name}?cursor={quote(self.cursor)}&away={int(self.is_away)}"


class Events:
    """An open response of Server-Sent Events."""

    def __init__(self, stream: Stream, response: HTTPResponse) -> None:
        self.stream = stream
        self.response = response
        self.frames: list[dict[str, Any]] = []

    def hear(self, **fields: Any) -> dict[str, Any]:
        """Read until a frame has these fields, and return it."""
        for frame in self._read():
            if fields.items() <= frame.items():
                return frame
        raise AssertionError(f"the stream ended without {fields}; heard {self.frames}")

    def hear_message(self, text: str) -> dict[str, Any]:
        for frame in self._read():
            for row in frame.get("rows", ()):
                if text in row.get("html", ""):
                    found: dict[str, Any] = row
                    return found
        raise AssertionError(f"the stream ended without {text!r}; heard {self.frames}")

    def hear_status(self, person: str, status: str) -> None:
        """Read until somebody is here in this way."""
        for frame in self._read():
            if frame.get("topic") == "people":
                told = frame.get("state", frame.get("change", {}))
                if told.get(person) == status:
                    return
        raise AssertionError(f"{person} was never {status}; heard {self.frames}")

    def hear_place(self) -> str:
        """Read until the server says where we stand."""
        before = self.stream.cursor
        for _ in self._read(ids=True):
            if self.stream.cursor != before:
                return self.stream.cursor
        raise AssertionError("the stream ended without an id")

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return self._read()

    def read_to_end(self) -> list[dict[str, Any]]:
        return list(self)

    def _read(self, *, ids: bool = False) -> Iterator[dict[str, Any]]:
        while line := self.response.readline():
            name, _, value = line.decode().rstrip("\n").partition(": ")
            if name == "data":
                frame: dict[str, Any] = json.loads(value)
                self.frames.append(frame)
                yield frame
            elif name == "id":
                self.stream.cursor = value
                if ids:
                    yield {}
