"""Both ends know whether the other one lives."""

import asyncio
from dataclasses import replace

import pytest

from realtime_project.live import handshake as gate
from realtime_project.live import heartbeat
from realtime_project.live.worker import worker
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
