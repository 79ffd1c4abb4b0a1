"""How many rooms a socket can have open."""

from collections.abc import Iterable

import pytest

from realtime_project.live import routes, subscribing
from realtime_project.live.changes import Change
from realtime_project.live.connection import Connection
from realtime_project.live.hub import Hub
from realtime_project.live.topics import Access, Params, StreamTopic
from tests.live.clients import Wire
from tests.live.rows import message
from tests.live.streams import ALICE

# The rights are asked for in a thread of the database, which tidies its connection afterwards.
pytestmark = pytest.mark.django_db(transaction=True)


class Room(StreamTopic):
    """A room that everybody may see. Two fit on a socket."""

    max_per_socket = 2

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return f"room:{params['room']}"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(rev=0))


@pytest.fixture
async def alice(monkeypatch):
    monkeypatch.setattr(routes, "routes", lambda: [routes.topic("room:<int:room>", Room)])
    hub = Hub()
    hub.start()
    return Connection(hub, Wire(), ALICE, "session", "epoch")


async def test_a_room_too_many_is_refused_and_the_others_stay(alice):
    answers = await subscribe(alice, "room:1", "room:2", "room:3")

    assert answers["room:3"]["error"]["code"] == "too_large"
    assert answers["room:1"] == answers["room:2"] == {"rev": 0}


async def test_a_stream_that_tabs_share_has_room_for_the_rooms_of_all_of_them(alice):
    alice.is_shared = True

    answers = await subscribe(alice, *(f"room:{number}" for number in range(1, 21)))

    assert all(answer == {"rev": 0} for answer in answers.values())


async def test_a_room_that_is_subscribed_again_takes_one_place(alice):
    await subscribe(alice, "room:1", "room:2")

    assert await subscribe(alice, "room:1") == {"room:1": {"rev": 0}}


async def test_a_room_that_one_was_removed_from_takes_no_place(alice):
    await subscribe(alice, "room:1", "room:2")
    removal = message(1, 1, ends=ALICE)

    alice.hub.deliver(Change("room:1", 0, 1, (removal,)))

    assert await subscribe(alice, "room:3") == {"room:3": {"rev": 0}}


async def subscribe(connection, *names):
    await subscribing.subscribe(connection, 1, dict.fromkeys(names, 0))
    return [told for told in connection.transport.told if "re" in told][-1]["ok"]
