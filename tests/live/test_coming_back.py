"""Who left a room and came back before their worker heard of it."""

from collections.abc import Iterable

import pytest

from realtime_project.live import routes, subscribing
from realtime_project.live.changes import Change
from realtime_project.live.connection import Connection
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub
from realtime_project.live.topics import Access, Params, StreamTopic
from tests.live.clients import Wire
from tests.live.rows import ROOM, message, post
from tests.live.streams import ALICE

# The rights are asked for in a thread of the database, which tidies its connection afterwards.
pytestmark = pytest.mark.django_db(transaction=True)

JOINED_AT = 3


class Room(StreamTopic):
    """A room which everybody joined with its third rev, and whose history begins for them there."""

    kind = "room"

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return ROOM

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(rev=5, since=JOINED_AT))


@pytest.fixture
async def alice(monkeypatch):
    monkeypatch.setattr(routes, "routes", lambda: [routes.topic("room:<int:room>", Room)])
    hub = Hub()
    hub.start()
    return Connection(hub, Wire(), ALICE, "session", "epoch")


async def test_what_was_said_meanwhile_follows_where_the_same_is_to_be_seen(alice):
    await subscribe(alice, cursor=5)

    came_back(alice, since=JOINED_AT)
    alice.hub.deliver(post(7))

    assert [(one["from"], one["rev"]) for one in news(alice)] == [(5, 6), (6, 7)]


async def test_a_history_that_begins_anew_takes_the_place_of_the_one_before(alice):
    await subscribe(alice, cursor=5)

    came_back(alice, since=6)
    alice.hub.deliver(post(7))

    assert news(alice)[0] == {"topic": ROOM, "reset": True, "rev": 6}
    assert [(one["from"], one["rev"]) for one in news(alice)[1:]] == [(6, 7)]


async def test_it_does_so_also_for_who_reads_nothing_at_that_moment(alice):
    await subscribe(alice, cursor=5)
    alice.transport.is_congested = True

    came_back(alice, since=6)
    alice.hub.deliver(post(7))
    assert news(alice) == []
    alice.transport.drain()

    assert news(alice) == [{"topic": ROOM, "reset": True, "rev": 7}]


async def test_it_does_so_also_for_who_was_just_subscribing(alice, monkeypatch):
    async def read_and_come_back(*args):
        found = await in_database(*args)
        alice.hub._feeds[ROOM].begin(5)
        came_back(alice, since=6)
        return found

    monkeypatch.setattr(subscribing, "in_database", read_and_come_back)
    await subscribe(alice, cursor=5)

    assert news(alice)[0] == {"topic": ROOM, "reset": True, "rev": 5}
    assert [(one["from"], one["rev"]) for one in news(alice)[1:]] == [(5, 6)]


async def test_who_came_back_before_their_rights_were_read_stays(alice, monkeypatch):
    async def leave_come_back_and_read(*args):
        alice.hub._feeds[ROOM].begin(3)
        alice.hub.deliver(Change(ROOM, 3, 4, (message(1, 4, ends=ALICE),)))
        alice.hub.deliver(Change(ROOM, 4, 5, (message(1, 5, begins=(ALICE, JOINED_AT)),)))
        return await in_database(*args)

    monkeypatch.setattr(subscribing, "in_database", leave_come_back_and_read)
    await subscribe(alice, cursor=5)
    alice.hub.deliver(post(6))

    assert [(one["from"], one["rev"]) for one in news(alice)] == [(5, 6)]


async def test_who_holds_rows_from_before_loads_the_state(alice):
    await subscribe(alice, cursor=JOINED_AT - 1)

    assert news(alice) == [{"topic": ROOM, "reset": True, "rev": 5}]


async def test_a_removal_that_is_heard_of_after_the_return_sends_nobody_away(alice):
    await subscribe(alice, cursor=5)
    came_back(alice, since=7, rev=7)

    assert alice.hub.end_topic(ALICE, ROOM, 6, "removed") == 0
    assert alice.subscriptions[ROOM].is_live


def came_back(alice: Connection, *, since: int, rev: int = 6) -> None:
    row = message(1, rev, begins=(ALICE, since))
    alice.hub.deliver(Change(ROOM, 5, rev, (row,)))


def news(alice):
    return [one for one in alice.transport.told if "re" not in one]


async def subscribe(alice: Connection, *, cursor: int) -> None:
    await subscribing.subscribe(alice, 1, {ROOM: cursor})
