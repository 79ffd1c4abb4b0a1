"""Both ends know whether the other one lives."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from realtime_project.live import handshake as gate
from realtime_project.live import heartbeat
from realtime_project.live.codes import CloseCode
from realtime_project.live.transport import Transport
from realtime_project.live.worker import worker
from tests.live.streams import until
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_answers_pings_stays(alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.26)
    # Long enough that nobody is late who only waited for a processor.
    monkeypatch.setattr(heartbeat, "PONG_SECONDS", 0.25)
    async with connected(alice) as hers:
        for _ in range(4):
            await hers.until(lambda: {} in hers.frames or None, "no ping")
            hers.frames.clear()
            hers.send({})

        assert hers.closed_with is None


async def test_who_does_not_answer_is_closed(alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.02)
    monkeypatch.setattr(heartbeat, "PONG_SECONDS", 0.02)
    async with connected(alice) as hers:
        assert await hers.is_closed() == 4002


async def test_who_talks_all_the_time_is_pinged_too(alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.05)
    async with connected(alice) as hers:

        async def talk() -> None:
            while True:
                hers.send({})
                await asyncio.sleep(0.01)

        talking = asyncio.ensure_future(talk())
        await hers.until(lambda: {} in hers.frames or None, "no ping")
        talking.cancel()


async def test_a_socket_ends_with_its_session(alice, monkeypatch):
    admit = gate.admit

    async def admit_briefly(*args, **options):
        admitted = await admit(*args, **options)
        return replace(admitted, expires_in_seconds=0.05)

    monkeypatch.setattr(gate, "admit", admit_briefly)
    async with connected(alice) as hers:
        assert await hers.is_closed() == 4401


async def test_an_old_socket_is_renewed(alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "AGE_SECONDS", (0.02, 0.05))
    async with connected(alice) as hers:
        assert await hers.is_closed() == 4000
        goodbye = await hers.hears(event="goodbye")
        assert goodbye["data"]["retry"] == [0, 5]


async def test_an_answer_that_the_transport_itself_has_seen_counts(alice, monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.04)
    monkeypatch.setattr(heartbeat, "PONG_SECONDS", 0.03)
    async with connected(alice) as hers:
        [connection] = worker.hub.connections.of_person(alice.pk)
        for _ in range(4):
            await hers.until(lambda: {} in hers.frames or None, "no ping")
            hers.frames.clear()
            connection.transport.on_pong()

        assert hers.closed_with is None
        assert connection.heard == 4
        assert connection.round_trip is not None


class SlowTransport(Transport):
    """A client that does not take what is written, until the test says so."""

    is_writable = False

    def write(self, frame: bytes) -> None:
        self.written += 1

    def close(self, code: CloseCode, reason: str) -> None:
        self.is_open = False

    def abandon(self) -> None:
        """Nothing waits here."""


class SlowConnection:
    """As much of a connection as the heartbeat touches."""

    def __init__(self) -> None:
        self.transport = SlowTransport()
        self.heard = 0
        self.closed: list[CloseCode] = []

    def close(self, code: CloseCode, reason: str) -> None:
        self.closed.append(code)


async def test_who_is_slow_is_not_taken_for_dead(monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.01)
    monkeypatch.setattr(heartbeat, "PONG_SECONDS", 0.01)
    connection: Any = SlowConnection()
    beats = heartbeat.Heartbeat(connection, 3600)

    await asyncio.sleep(0.1)

    assert connection.transport.written == 1
    assert connection.closed == []
    beats.stop()


async def test_who_has_taken_what_waited_is_given_time_to_answer_and_no_more(monkeypatch):
    monkeypatch.setattr(heartbeat, "PING_SECONDS", 0.01)
    monkeypatch.setattr(heartbeat, "PONG_SECONDS", 0.05)
    connection: Any = SlowConnection()
    beats = heartbeat.Heartbeat(connection, 3600)
    await until(lambda: connection.transport.written)

    connection.transport.is_writable = True
    connection.transport.resumed = taken = asyncio.get_running_loop().time()
    await until(lambda: connection.closed)

    assert connection.closed == [CloseCode.NO_PONG]
    assert asyncio.get_running_loop().time() - taken >= 0.05
    beats.stop()
