"""Who may open a socket."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from unittest.mock import AsyncMock
from weakref import WeakKeyDictionary

import pytest
from django.db import OperationalError
from django.utils import timezone

from realtime_project.accounts.models import Session
from realtime_project.live import handshake as gate
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.database import in_database
from realtime_project.live.one_way import with_streams
from realtime_project.live.worker import worker
from realtime_project.routing import streams
from tests.cast import sign_in
from tests.sockets import Refused, Socket, connected, handshake

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_failures_before(monkeypatch):
    monkeypatch.setattr(gate, "_failures", Buckets(gate.FAILURES))


@pytest.fixture
def session(alice):
    return sign_in(alice)


async def test_a_session_opens_a_socket_that_says_hello(alice, session):
    async with connected(alice, session=session) as hers:
        hello = hers.frames[0]

    assert hello["event"] == "hello"
    assert hello["data"]["person"] == alice.pk
    assert hello["data"].keys() == {"person", "epoch", "build", "now", "ping"}


async def test_a_renewed_secret_key_opens_sockets_and_makes_no_further_session(
    alice, session, settings
):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"

    async with connected(alice, session=session) as hers:
        await hers.settle()

    assert [one.session_key async for one in Session.objects.all()] == [session]


async def test_without_a_session_there_is_no_socket():
    with pytest.raises(Refused):
        await Socket().open(handshake(None))


async def test_an_invented_session_opens_nothing():
    with pytest.raises(Refused):
        await Socket().open(handshake("x" * 32))


async def test_an_expired_session_opens_nothing(session):
    past = timezone.now() - timedelta(seconds=1)
    await in_database(Session.objects.filter(session_key=session).update, expire_date=past)

    with pytest.raises(Refused):
        await Socket().open(handshake(session))


async def test_who_left_while_they_waited_costs_no_query_and_is_no_failure(session, monkeypatch):
    """A crowd comes back; those at its end give up and come again before it is their turn."""
    monkeypatch.setattr(gate, "_failures", Buckets(Limit(rate=0.001, burst=1)))
    monkeypatch.setattr(gate, "MAX_AT_ONCE", 1)
    monkeypatch.setattr(gate, "_semaphores", WeakKeyDictionary())
    asked = []
    monkeypatch.setattr(gate, "_read_session", lambda key, position: asked.append(key))

    async with gate._places():
        waiting = [
            asyncio.ensure_future(gate.admit(worker.hub, handshake(session), has_left=lambda: True))
            for _ in range(3)
        ]
        await asyncio.sleep(0)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [gate.Gone] * 3
    assert not asked


async def test_a_deactivated_account_opens_nothing(alice, session):
    alice.is_active = False
    await in_database(alice.save)

    with pytest.raises(Refused):
        await Socket().open(handshake(session))


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1:9999",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8000.evil.example",
        "null",
        "",
        None,
    ],
)
async def test_a_foreign_page_opens_nothing_with_her_cookie(session, origin: str | None):
    with pytest.raises(Refused):
        await Socket().open(handshake(session, origin=origin))


@pytest.mark.parametrize("subprotocols", [(), ("signalbox.v2",), ("chat",)])
async def test_another_protocol_is_not_spoken(session, subprotocols: tuple[str, ...]):
    with pytest.raises(Refused):
        await Socket().open(handshake(session, subprotocols=subprotocols))


async def test_a_person_has_twenty_sockets_at_most(session):
    sockets = [Socket() for _ in range(gate.MAX_SOCKETS_PER_PERSON)]
    for socket in sockets:
        await socket.open(handshake(session))

    with pytest.raises(Refused):
        await Socket().open(handshake(session))

    await sockets[0].leave()
    again = Socket()
    await again.open(handshake(session))
    for socket in [*sockets[1:], again]:
        await socket.leave()


async def test_who_fails_too_often_is_not_looked_up_any_more(session, monkeypatch):
    monkeypatch.setattr(gate, "_failures", Buckets(Limit(rate=0.001, burst=3)))
    for _ in range(3):
        with pytest.raises(Refused):
            await Socket().open(handshake("x" * 32, address="10.0.0.1"))

    with pytest.raises(Refused):
        await Socket().open(handshake(session, address="10.0.0.1"))

    elsewhere = Socket()
    await elsewhere.open(handshake(session, address="10.0.0.2"))
    await elsewhere.leave()


async def test_a_session_that_was_good_before_is_not_held_up_by_its_neighbours(
    session, monkeypatch
):
    monkeypatch.setattr(gate, "_failures", Buckets(Limit(rate=0.001, burst=1)))
    first = Socket()
    await first.open(handshake(session))
    with pytest.raises(Refused):
        await Socket().open(handshake("x" * 32))

    again = Socket()
    await again.open(handshake(session))

    await first.leave()
    await again.leave()


async def test_a_socket_is_given_the_time_that_its_session_has_left(alice, session, monkeypatch):
    soon = timezone.now() + timedelta(seconds=60)
    await in_database(Session.objects.filter(session_key=session).update, expire_date=soon)

    admitted = await gate.admit(worker.hub, handshake(session))

    assert 50 < admitted.expires_in_seconds <= 60


@pytest.mark.parametrize("error", [OperationalError("gone"), TimeoutError()])
async def test_while_the_database_is_away_nobody_comes_in_and_nobody_is_blamed(
    alice, monkeypatch, error
):
    here = await in_database(sign_in, alice)

    async def fail(*_: object) -> None:
        raise error

    await worker.start()
    with monkeypatch.context() as away:
        away.setattr(gate, "in_database", fail)
        for _ in range(int(gate.FAILURES.burst) + 1):
            with pytest.raises(Refused):
                await Socket().open(handshake(here))

    async with connected(alice, session=here):
        pass


@pytest.mark.parametrize("error", [OperationalError("gone"), TimeoutError()])
@pytest.mark.parametrize("prefix", streams)
async def test_while_the_database_is_away_nobody_comes_in_without_a_socket_either(
    alice, monkeypatch, error, prefix
):
    here = await in_database(sign_in, alice)
    asked = {**handshake(here, origin=None), "path": f"{prefix}stream", "method": "GET"}
    told: list[Any] = []

    async def fail(*_: object) -> None:
        raise error

    async def send(message: Any) -> None:
        told.append(message)

    await worker.start()
    monkeypatch.setattr(gate, "in_database", fail)
    await with_streams(AsyncMock(), streams)(asked, AsyncMock(), send)

    assert told[0]["status"] == 503
    assert json.loads(told[1]["body"])["error"]["code"] == "unavailable"
