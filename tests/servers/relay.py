"""Stands between a worker and its broker, and lets a connection fall silent as a firewall does that
forgets it: both ends believe in it, and nothing arrives any more."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

CHUNK = 65_536


class Relay:
    """Passes everything on, but for connections that have been silenced."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._subscribers: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def silence_subscribers(self) -> None:
        """Let nothing more arrive on the connections that have subscribed to something."""
        self._silent |= self._subscribers

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_broker, to_broker = await asyncio.open_connection("127.0.0.1", self._target)
        self._keep(self._pass_on(reader, to_broker, client=writer))
        self._keep(self._pass_on(from_broker, writer))

    def end(self) -> None:
        for task in self._tasks:
            task.cancel()

    async def _pass_on(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: asyncio.StreamWriter | None = None,
    ) -> None:
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while data := await reader.read(CHUNK):
                if client is not None and b"SUBSCRIBE" in data.upper():
                    self._subscribers.add(client)
                if writer not in self._silent:
                    writer.write(data)

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def relay_to(port: int) -> AsyncIterator[Relay]:
    relay = Relay(port)
    server = await asyncio.start_server(relay.connect, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        relay.end()
