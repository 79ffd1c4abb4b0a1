"""The table of sockets: every worker answers for its own, and any of them can be closed."""

import asyncio
import time
from contextlib import suppress

import pytest
from django.contrib.admin.models import LogEntry
from django.test import AsyncClient

from dashboard.models import SocketEnd, WorkerSockets
from dashboard.sockets import keeping, services
from dashboard.sockets.keeping import KEY, Keeper, heads_many
from dashboard.sockets.table import MAX_SOCKETS, Looker
from realtime_project.live.connection import Connection
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub
from realtime_project.live.worker import Worker
from realtime_project.live.worker import worker as here
from tests.cast import make_person
from tests.live.clients import Wire
from tests.live.streams import until
from tests.sockets import connected


@pytest.fixture
def people_database(transactional_db: None) -> None:
    """Workers write in threads of their own."""


@pytest.fixture
def sam(people_database: None):
    """Who runs the place."""
    return make_person("sam", is_staff=True)


@pytest.fixture
async def two_workers(people_database, monkeypatch):
    """This process, and another worker of the installation, which no layer tells anything."""
    monkeypatch.setattr(keeping, "LOOK_SECONDS", 0.01)
    await here.start()
    there = Worker(Hub())
    there.hub.start()
    keepers = [Keeper(one) for one in (here, there)]
    tasks = [asyncio.ensure_future(keeper.keep()) for keeper in keepers]
    await until(lambda: all(one.hub.is_tapped(KEY) for one in (here, there)))
    yield there
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    here.hub._taps.pop(KEY, None)


async def checked(worker: Worker) -> None:
    """What the check finds where the layer has told nothing."""
    for key, (rev, head) in (await in_database(heads_many, [])).items():
        worker.hub.learn(key, rev, head)


async def table(sam, there: Worker, count: int):
    """The table, when so many sockets are in it."""
    async with asyncio.timeout(60):
        while True:
            told = await in_database(services.sockets, sam)
            if told["count"] == count:
                return {row["id"]: row for row in told["sockets"]}
            await checked(there)
            await asyncio.sleep(0)


def elsewhere(there: Worker, person: int) -> Connection:
    """A socket that is open on the other worker."""
    return Connection(there.hub, Wire(), person, "session", "epoch", "10.0.0.7")


async def test_every_worker_answers_for_its_own(two_workers, sam, alice, bob):
    elsewhere(two_workers, bob.pk)
    async with connected(alice) as hers:
        await hers.subscribe(inbox=0)

        rows = (await table(sam, two_workers, 2)).values()

        told = {(row["person"]["username"], row["address"], *row["topics"]) for row in rows}
        assert told == {("alice", "127.0.0.1", "inbox"), ("bob", "10.0.0.7")}
        assert all(row["age"] >= 0 and row["since"] <= time.time() for row in rows)


async def test_who_has_gone_is_not_in_it(two_workers, sam, alice):
    async with connected(alice):
        await table(sam, two_workers, 1)

    await table(sam, two_workers, 0)


async def test_many_who_look_ask_once(two_workers, sam):
    await in_database(services.ask)
    rev = (await in_database(heads_many, []))[KEY][0]

    for _ in range(5):
        await in_database(services.ask)

    assert (await in_database(heads_many, []))[KEY][0] == rev


async def test_a_socket_is_closed_on_this_worker_and_that_is_written_down(two_workers, sam, alice):
    async with connected(alice) as hers:
        [number] = await table(sam, two_workers, 1)

        await in_database(services.close_socket, person=sam, socket=number)

        assert await hers.is_closed() == 4000
        assert hers.frames[-1]["data"]["reason"] == "closed by an administrator"
    [entry] = await in_database(list, LogEntry.objects.all())
    assert (entry.user_id, entry.object_id) == (sam.pk, str(alice.pk))
    assert "closed a socket: asgi from 127.0.0.1" in entry.change_message


async def test_a_socket_of_another_worker_is_closed_where_no_layer_tells_of_it(
    two_workers, sam, alice, bob
):
    his = elsewhere(two_workers, bob.pk)
    async with connected(alice) as hers:
        rows = await table(sam, two_workers, 2)
        [number] = [id for id, row in rows.items() if row["person"]["username"] == "bob"]

        await in_database(services.close_socket, person=sam, socket=number)
        await checked(two_workers)

        await until(lambda: not his.is_open)
        await hers.settle()
        assert hers.closed_with is None


async def test_one_that_is_not_open_is_not_found(two_workers, sam, alice):
    client = AsyncClient()
    await client.aforce_login(sam)

    answer = await client.post("/boards/sockets/nowhere-1.7/close")

    assert answer.status_code == 404
    assert not await in_database(SocketEnd.objects.exists)


@pytest.mark.parametrize("address", ["sockets", "sockets/web-1.1/close"])
def test_it_is_there_for_staff_alone(client, alice, address):
    client.force_login(alice)
    method = client.post if address.endswith("close") else client.get

    assert method(f"/boards/{address}").status_code == 404


def test_the_page_of_the_table_has_asked_already(client, sam):
    client.force_login(sam)

    assert client.get("/boards/sockets/").status_code == 200

    assert heads_many([])[KEY][0] == 1


@pytest.mark.django_db
def test_what_was_closed_a_day_ago_is_forgotten(sam):
    from datetime import timedelta

    from django.utils import timezone

    from dashboard.models import SocketsAsked

    services.ask()
    SocketEnd.objects.create(stream=SocketsAsked.current(), rev=1, socket="web-1.1")
    WorkerSockets.objects.create(worker="web-1", rev=1, body=b"")
    services.forget_old()
    assert SocketEnd.objects.exists()
    assert WorkerSockets.objects.exists()

    long_ago = timezone.now() - timedelta(days=2)
    SocketEnd.objects.update(created=long_ago)
    WorkerSockets.objects.update(told=long_ago)
    services.forget_old()

    assert not SocketEnd.objects.exists()
    assert not WorkerSockets.objects.exists()


class TestLooking:
    @pytest.fixture
    async def hub(self):
        hub = Hub()
        hub.start()
        return hub

    async def test_rates_are_of_the_time_since_the_last_look(self, hub):
        one, looker = Connection(hub, Wire(), 7, "s", "e"), Looker("web-1", "web@0")
        looker.look(hub.connections, one.since + 10)
        one.heard, one.transport.written = 4, 20

        [row] = looker.look(hub.connections, one.since + 12).sockets

        assert (row.heard, row.written, row.age) == (2, 10, 12)
        assert (row.id, row.worker) == (f"web-1.{one.number}", "web@0")

    async def test_of_very_many_those_with_the_most_to_do_are_shown(self, hub):
        connections = [Connection(hub, Wire(), n, "s", "e") for n in range(MAX_SOCKETS + 5)]
        for one in connections[:5]:
            one.heard = 9

        table = Looker("web-1", "web@0").look(hub.connections, time.monotonic())

        assert (table.count, len(table.sockets)) == (MAX_SOCKETS + 5, MAX_SOCKETS)
        assert {row.person for row in table.sockets[:5]} == set(range(5))
