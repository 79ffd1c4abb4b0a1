"""What no announcement told is found in the database."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from typing import cast
from uuid import uuid4

import pytest

from chat import services
from realtime_project.live import check as module
from realtime_project.live import subscribing
from realtime_project.live.backplane import Backplane
from realtime_project.live.check import check, watch
from realtime_project.live.connection import Connection
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub
from realtime_project.live.models import Installation
from realtime_project.live.revocation import Reason, revoke_person
from realtime_project.live.worker import Worker
from tests.cast import make_room
from tests.live.clients import Wire
from tests.live.streams import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(alice, bob):
    return make_room(alice, bob)


@pytest.fixture
async def worker():
    """Another worker than the one in whose process the services run: it is told nothing."""
    worker = Worker(Hub())
    await worker.start()
    yield worker
    for task in worker._tasks:
        task.cancel()


class Client:
    """Somebody with a socket at the worker that is told nothing."""

    def __init__(self, worker: Worker, person) -> None:
        self.wire = Wire()
        self.connection = Connection(worker.hub, self.wire, person.pk, "session", worker.epoch)

    async def subscribe(self, room, cursor: int | None) -> None:
        await subscribing.subscribe(self.connection, 1, {room.key: cursor})

    def hears(self, text: str) -> bool:
        return text in str(self.wire.told)


async def test_what_nobody_told_is_found_by_the_check(worker, alice, bob, room):
    hers = Client(worker, alice)
    await hers.subscribe(room, room.rev)
    await in_database(say, bob, room, "Does anybody hear me?")

    await check(worker.hub)

    await until(lambda: hers.hears("Does anybody hear me?"))


@pytest.mark.parametrize(("is_removed", "code"), [(True, "removed"), (False, "left")])
async def test_who_is_out_of_a_room_is_told_how_they_went_also_by_the_room_alone(
    worker, alice, bob, room, is_removed, code
):
    his = Client(worker, bob)
    await his.subscribe(room, room.rev)
    if is_removed:
        await in_database(services.remove_member, person=alice.pk, room=room.pk, member=bob.pk)
    else:
        await in_database(services.leave_room, person=bob.pk, room=room.pk)
    await in_database(room.refresh_from_db)

    # Not of the control stream, which says the same of a removal.
    worker.hub.learn(room.key, room.rev, None)

    await until(lambda: his.hears("left"))
    assert his.wire.told[-1]["data"] == {"code": code}


async def test_the_head_of_a_room_that_is_not_open_is_found_too(worker, alice, bob, room):
    hers = Client(worker, alice)
    await subscribing.subscribe(hers.connection, 1, {"me": None})
    told = len(hers.wire.frames)
    await in_database(say, bob, room, "Does anybody hear me?")

    await check(worker.hub)

    [heads] = [one for one in hers.wire.told[told:] if one.get("event") == "heads"]
    assert [one["number"] for one in heads["data"]["heads"]] == [1]


async def test_however_many_rooms_are_held_one_query_finds_all(
    worker, alice, bob, room, monkeypatch
):
    rooms = [room, *[await in_database(new_room, alice, bob, name) for name in "abc"]]
    for one in rooms:
        await Client(worker, alice).subscribe(one, one.rev)
    asked = []

    async def note(read, keys):
        asked.append(sorted(keys))
        return await in_database(read, keys)

    monkeypatch.setattr(module, "in_database", note)
    await check(worker.hub)

    assert sorted(asked) == [["control:1"], sorted(one.key for one in rooms)]


async def test_who_knows_more_than_the_worker_lets_it_read_for_all(worker, alice, bob, room):
    hers = Client(worker, alice)
    await hers.subscribe(room, room.rev)
    await in_database(say, bob, room, "Does anybody hear me?")
    await in_database(room.refresh_from_db)

    await Client(worker, bob).subscribe(room, room.rev)

    await until(lambda: hers.hears("Does anybody hear me?"))


async def test_a_revocation_that_nobody_told_closes_the_sockets(worker, alice, bob):
    hers, his = Client(worker, alice), Client(worker, bob)
    await in_database(revoke_person, alice.pk, Reason.PASSWORD)

    await worker._check()

    await until(lambda: hers.wire.closed_with)
    assert hers.wire.closed_with == 4401
    assert his.wire.closed_with is None


async def test_beneath_a_worker_a_backup_is_restored_and_everybody_begins_anew(
    worker, alice, bob, room
):
    hers = Client(worker, alice)
    await hers.subscribe(room, room.rev)
    position = worker.hub.revoked.position
    await in_database(Installation.objects.update, epoch="another")

    await worker._check()

    assert hers.wire.closed_with == 4000
    assert worker.epoch == "another"
    # A handshake that was under way may have read a session which is not there any more.
    assert worker.hub.revoked.contains(position, "session", bob.pk)
    his = Client(worker, bob)
    await in_database(revoke_person, bob.pk, Reason.DEACTIVATED)
    await worker._check()
    await until(lambda: his.wire.closed_with == 4403)


def new_room(alice, bob, name: str):
    return make_room(alice, bob, name=name)


def say(person, room, text: str) -> None:
    services.post_message(person=person.pk, room=room.pk, client_id=uuid4(), text=text)


class Layer:
    """A layer that is there, or away."""

    is_degraded = False
    glances = 0
    """How often it was asked whether access was taken away."""


@pytest.fixture
async def checks(monkeypatch) -> AsyncIterator[tuple[Layer, list[int]]]:
    """The layer that is watched, and the checks that were made."""
    monkeypatch.setattr(module, "DEGRADED_SECONDS", 0)
    monkeypatch.setattr(module, "HEALTHY_SECONDS", 1000)
    layer, made, numbers = Layer(), [], count(1)

    async def note() -> None:
        made.append(next(numbers))
        if len(made) == 2:
            raise OSError("the database is away as well")

    async def glance() -> None:
        layer.glances += 1
        if layer.glances == 2:
            raise OSError("the database is away for a moment")

    watching = asyncio.ensure_future(watch(cast(Backplane, layer), note, glance))
    yield layer, made
    watching.cancel()


async def turns() -> None:
    for _ in range(50):
        await asyncio.sleep(0)


async def test_while_the_layer_is_away_the_database_is_asked_all_the_time(checks):
    layer, made = checks
    await turns()
    assert made == []

    layer.is_degraded = True

    # Also after a check that failed.
    await until(lambda: len(made) > 3)


async def test_when_the_layer_is_back_everything_is_checked_once_more(checks):
    layer, made = checks
    layer.is_degraded = True
    await until(lambda: len(made) > 3)

    layer.is_degraded = False
    before = len(made)
    await turns()

    assert len(made) == before + 1


async def test_while_all_is_well_it_is_asked_now_and_then(checks, monkeypatch):
    _, made = checks

    monkeypatch.setattr(module, "HEALTHY_SECONDS", -1)

    await until(lambda: len(made) > 3)


async def test_whether_access_was_taken_away_is_asked_all_the_time(checks):
    layer, made = checks

    await until(lambda: layer.glances > 3)

    assert made == []
