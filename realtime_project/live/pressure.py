"""What becomes of a client that does not take what is written for it.

Twisted tells when more than 64 KiB wait for a peer (`pauseProducing`) and when they are gone
(`resumeProducing`). A client that stays stuck is told goodbye, and cut off when it does not even
take that.
"""

import asyncio
from abc import abstractmethod
from socket import AF_UNIX, SO_SNDBUF, SOL_SOCKET
from typing import Any

from twisted.internet.tcp import Connection as TcpConnection

from realtime_project.live import metrics
from realtime_project.live.codes import CloseCode
from realtime_project.live.transport import Transport

STUCK_SECONDS = 20.0
CLOSING_SECONDS = 2.0
SEND_BUFFER_BYTES = 64 * 1024
"""On its own the kernel lets the buffer of a reader that never reads grow to megabytes."""


class PressedTransport(Transport):
    """A transport that Twisted tells how much waits."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_congested = False
        self._stuck: asyncio.TimerHandle | None = None

    @property
    def is_writable(self) -> bool:
        return self.is_open and not self._is_congested

    def abandon(self) -> None:
        self.is_open = False
        self._cancel_stuck()

    def pauseProducing(self) -> None:
        """More waits than the peer takes: nothing more is written for it."""
        # Twisted says so again with each write while it is so, such as a ping.
        if self._is_congested:
            return
        self._is_congested = True
        metrics.slow_readers.by["congested"] += 1
        self._stuck = self._loop.call_later(STUCK_SECONDS, self._give_up)

    def resumeProducing(self) -> None:
        """The peer has taken what waited."""
        self._is_congested = False
        self.resumed = self._loop.time()
        self._cancel_stuck()
        if self.is_open:
            self.on_writable()

    def stopProducing(self) -> None:
        """The connection is lost."""
        self.abandon()

    @abstractmethod
    def _abort(self) -> bool:
        """End the connection, whatever waits; returns whether there was one."""

    def _cut_off_soon(self) -> None:
        """See to it that a close does not wait for ever behind what the peer does not read."""
        self._loop.call_later(CLOSING_SECONDS, self._cut_off)

    def _cut_off(self) -> None:
        if self._abort():
            metrics.slow_readers.by["cut_off"] += 1

    def _give_up(self) -> None:
        metrics.slow_readers.by["closed"] += 1
        self.close(CloseCode.TOO_SLOW, "too slow to read")

    def _cancel_stuck(self) -> None:
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None


def connection_beneath(transport: Any) -> Any:
    """Return the connection beneath TLS and whatever else wraps it."""
    while not isinstance(transport, TcpConnection):
        transport = transport.transport
    return transport


def bound_sending(connection: TcpConnection) -> None:
    """Bound what the kernel keeps for this peer, where that is not inherited from the listener as
    it is with TCP."""
    if connection.socket.family == AF_UNIX:
        connection.socket.setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES)
