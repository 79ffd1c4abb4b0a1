"""What happens between asking for a topic and being told of it."""

import asyncio
from collections.abc import Iterable, Sequence

import pytest

from realtime_project.live import routes, subscribing
from realtime_project.live.changes import Change
from realtime_project.live.connection import Connection
from realtime_project.live.cursor import Want
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub
from realtime_project.live.topics import Access, Params, StreamTopic
from tests.live.clients import Wire
from tests.live.rows import ROOM, message
from tests.live.streams import ALICE, BOB, until

# The rights are asked for in a thread of the database, which tidies its connection afterwards.
pytestmark = pytest.mark.django_db(transaction=True)

REMOVED_AT = 6


class Room(StreamTopic):
    """A room in which things happen after Alice's rights have been read, with its fifth rev, and
    before what she missed is: she is removed, and others go on."""

    kind = "room"
    reads: list[int]
    rev = 5
    floor = 0

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return ROOM

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(cls.rev, cls.floor))

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        cls.reads += [want.after for want in wants]
        rows = (
            message(5, 5, "hello"),
            message(6, REMOVED_AT, ends=ALICE),
            message(7, 7, "now that she is gone"),
        )
        return {want: Change(want.key, want.after, 7, rows) for want in wants}


@pytest.fixture
async def hub(monkeypatch):
    Room.reads = []
    monkeypatch.setattr(routes, "routes", lambda: [routes.topic("room:<int:room>", Room)])
    hub = Hub()
    hub.start()
    return hub


@pytest.fixture
def during(monkeypatch):
    """Let something happen after the database was asked a question and before it is answered."""

    def during(question, happen):
        async def ask(function, *args):
            found = await in_database(function, *args)
            if function == question:
                happen()
            return found

        monkeypatch.setattr(subscribing, "in_database", ask)

    return during


async def test_who_is_removed_while_subscribing_is_told_that_and_nothing_else(hub):
    hers = await resume(hub, ALICE)

    assert [one.get("event") for one in hers.told[1:]] == ["left"]
    assert "hello" not in str(hers.frames)
    assert "gone" not in str(hers.frames)


async def test_the_others_are_told_all_of_it(hub):
    his = await resume(hub, BOB)

    told = [row["text"] for one in his.told if "rows" in one for row in one["rows"]]
    assert told == ["hello", "", "now that she is gone"]


async def test_what_was_read_for_one_who_comes_back_is_not_read_again_for_the_next(hub):
    await resume(hub, BOB)
    await resume(hub, BOB)

    assert Room.reads == [4]


async def test_who_comes_in_the_moment_in_which_it_has_been_read_reads_nothing(hub, monkeypatch):
    crowd: list[asyncio.Task[Wire]] = []

    async def come_after(turns: int) -> Wire:
        for _turn in range(turns):
            await asyncio.sleep(0)
        return await resume(hub, BOB)

    async def ask(function, *args):
        if function != Room.changes_many:
            return function(*args)  # at once, so that each arrives in a turn of its own
        found = await in_database(function, *args)
        crowd.extend(asyncio.ensure_future(come_after(turns)) for turns in range(1, 8))
        return found

    monkeypatch.setattr(subscribing, "in_database", ask)
    await resume(hub, BOB)
    await asyncio.gather(*crowd)

    assert Room.reads == [4]


async def test_what_is_deleted_while_it_is_being_read_is_not_told(hub, during):
    def delete() -> None:
        hub._feeds[ROOM].begin(5)
        hub.deliver(Change(ROOM, 5, 6, (message(5, 6),)))

    during(Room.changes_many, delete)
    his = await resume(hub, BOB)

    assert "hello" not in str(his.frames)
    told = [row for one in his.told if "rows" in one for row in one["rows"]]
    assert {"kind": "message", "id": 5, "rev": 6, "text": ""} in told


async def test_who_was_removed_before_the_others_came_is_told_nothing_of_what_followed(hub, during):
    """The others have heard of it all already, so that nobody tells this worker once more."""

    def come_later() -> None:
        hub._feeds[ROOM].begin(7)

    during(Room.authorise_many, come_later)
    hers = await resume(hub, ALICE, cursor=5)

    await until(lambda: hers.told[-1].get("event") == "left")
    assert "gone" not in str(hers.frames)


async def test_who_holds_less_than_there_is_to_replay_loads_the_state_and_nothing_is_read(
    hub, monkeypatch
):
    monkeypatch.setattr(Room, "floor", 5)

    his = await resume(hub, BOB)

    assert his.told[1:] == [{"topic": ROOM, "reset": True, "rev": 5}]
    assert Room.reads == []


async def resume(hub: Hub, person: int, cursor: int = 4) -> Wire:
    wire = Wire()
    connection = Connection(hub, wire, person, "session", "epoch")
    await subscribing.subscribe(connection, 1, {ROOM: cursor})
    return wire
