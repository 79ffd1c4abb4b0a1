"""Very many pages that follow their topics over Server-Sent Events and say nothing."""

import asyncio
from collections.abc import Sequence

from tests.faults.herd import Herd, Listener
from tests.one_way import Browser
from tests.servers.installation import Installation

_paths: dict[tuple[str, str], str] = {}


class Reader(Listener):
    """One stream. Those of one person have the same description."""

    def __init__(self, herd: Herd, session: str, topics: Sequence[str]) -> None:
        super().__init__(herd, session, topics)
        self._request = request(herd.worker, session, describe(herd.worker, session, topics))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._data = transport, b""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._data += data
        if not self.is_told and b'{"re":0,"ok":' in self._data:
            self.is_told = True
            self._failures = 0


def describe(worker: Installation, session: str, topics: Sequence[str]) -> str:
    """Name a person's topics to the server, once for all of their streams."""
    known = _paths.get((worker.url, session))
    if known is None:
        browser = Browser(worker, session)
        _, named = browser.post("/live/streams", {"topics": dict.fromkeys(topics)})
        known = _paths[worker.url, session] = f"/live/events/{named['id']}"
    return known


def request(worker: Installation, session: str, path: str) -> bytes:
    """What a browser sends to open a stream."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{worker.port}",
        "Accept: text/event-stream",
        "Sec-Fetch-Site: same-origin",
        f"Cookie: sessionid={session}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()
