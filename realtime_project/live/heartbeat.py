"""Pings in the application, and the end of a socket's life.

A browser's page cannot see the pings of the WebSocket protocol, and engines do not send them
while the peer keeps talking. So both ends use these: the server hears that the client is alive,
and a client that hears nothing for long knows that the server is gone.
"""

import asyncio
import random

from realtime_project.live.codes import CloseCode
from realtime_project.live.connection import PING_SECONDS, Connection

PONG_SECONDS = 10.0
AGE_SECONDS = (12 * 3600.0, 20 * 3600.0)
PING = b"{}"


class Heartbeat:
    """Pings one connection, and closes it when it does not answer or has lived long enough."""

    def __init__(self, connection: Connection, expires_in_seconds: float) -> None:
        self._connection = connection
        self._is_heard = True
        self._loop = asyncio.get_running_loop()
        self._pinged = 0.0
        # Spread, so that sockets that were opened together are not pinged together.
        self._timer = self._loop.call_later(random.uniform(0.5, 1) * PING_SECONDS, self._ping)  # noqa: S311
        self._end = self._schedule_end(expires_in_seconds)
        connection.transport.on_pong = self.hear

    def hear(self) -> None:
        """Note a sign of life: whatever the client sends is one."""
        self._connection.heard += 1
        if not self._is_heard:
            self._connection.round_trip = self._loop.time() - self._pinged
        self._is_heard = True

    def stop(self) -> None:
        """Ping no longer."""
        self._timer.cancel()
        self._end.cancel()

    def _ping(self) -> None:
        # Also to a client that talks all the time: it must hear that the server lives.
        self._is_heard, self._pinged = False, self._loop.time()
        self._connection.transport.write(PING)
        self._timer = self._loop.call_later(PONG_SECONDS, self._check)

    def _check(self) -> None:
        if self._is_heard:
            self._timer = self._loop.call_later(PING_SECONDS - PONG_SECONDS, self._ping)
        elif self._is_slow():
            self._timer = self._loop.call_later(PONG_SECONDS, self._check)
        else:
            self._connection.close(CloseCode.NO_PONG, "no pong")

    def _is_slow(self) -> bool:
        # Who does not take what is written is not read from, and its pong is not heard; whoever
        # never takes it is closed for that. Who has taken it just now is alive, and may still
        # have much to read before it comes to the ping.
        transport = self._connection.transport
        return not transport.is_writable or self._loop.time() - transport.resumed < PONG_SECONDS

    def _schedule_end(self, expires_in_seconds: float) -> asyncio.TimerHandle:
        age = random.uniform(*AGE_SECONDS)  # noqa: S311
        if expires_in_seconds < age:
            end = (expires_in_seconds, CloseCode.SIGNED_OUT, "session expired")
        else:
            # Connections move on once in a while, so that none outlives several releases.
            end = (age, CloseCode.RESTART, "socket is old")
        return self._loop.call_later(end[0], self._connection.close, *end[1:])
