"""What a client has sent and its application has not taken yet."""

import asyncio
from typing import Any

from realtime_project.live.direct import DirectTransport


class Intake:
    """A queue with one reader. It is counted, so that reading stops while the application is
    behind.

    `asyncio.Queue` would do, and holds four deques of 700 bytes each for every socket, nearly
    all of which wait for nothing.
    """

    def __init__(self, transport: DirectTransport) -> None:
        self._transport = transport
        self._messages: list[Any] = []
        self._reader: asyncio.Future[None] | None = None

    def put_nowait(self, message: Any) -> None:
        """Take in a message from the protocol."""
        self._transport.put(message)
        self._messages.append(message)
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    async def get(self) -> Any:
        """Return the next message when there is one: the application's `receive`."""
        while not self._messages:
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        message = self._messages.pop(0)
        self._transport.taken(message)
        return message
