"""Programs that send to the ASGI application in this process."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from dashboard.ingest.asgi import with_ingest


@dataclass
class Heard:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def nothing_here(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def post(
    url: str, token: str = "", *parts: bytes, address: str = "10.0.0.1", **headers: str
) -> Heard:
    """Send a body, in parts as they come from a network."""
    split = urlsplit(url)
    given = {"authorization": f"Token {token}", **headers} if token else headers
    scope = {
        "type": "http",
        "method": "POST",
        "path": split.path,
        "query_string": split.query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in given.items()
        ],
        "client": (address, 4711),
    }
    waiting = _messages(parts)
    answered: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        answered.append(message)

    await with_ingest(nothing_here)(scope, receive, send)
    if not answered:
        return Heard(0, {}, b"")
    start, *bodies = answered
    headers_heard = {name.decode(): value.decode() for name, value in start["headers"]}
    return Heard(start["status"], headers_heard, b"".join(one["body"] for one in bodies))


def _messages(parts: Sequence[bytes]) -> list[Any]:
    last = len(parts) - 1
    return [
        {"type": "http.request", "body": part, "more_body": number < last}
        for number, part in enumerate(parts)
    ]
