"""What a process holds of its streams, and what it lets go."""

from unittest.mock import Mock

import pytest

from realtime_project.live import hub as module
from realtime_project.live import ring
from realtime_project.live.changes import Change, Row
from realtime_project.live.hub import Hub
from realtime_project.live.subscription import Subscription
from tests.live.clients import Wire
from tests.live.rows import ROOM, message, post
from tests.live.streams import ALICE, Database, until


@pytest.fixture
async def hub():
    hub = Hub()
    hub.start()
    return hub


async def test_what_nobody_here_holds_costs_nothing(hub):
    hub.deliver(post(1))

    assert not hub._feeds


async def test_a_fault_in_delivering_makes_the_clients_start_afresh(hub, database):
    wire = listen(hub, database, ROOM)
    hub._taps[ROOM] = Mock(side_effect=ValueError("this row makes no sense"))

    hub.deliver(post(1))
    del hub._taps[ROOM]
    hub.deliver(post(2))

    assert [told["rev"] for told in wire.told] == [1, 2]
    assert wire.told[0]["reset"]


async def test_who_waits_for_a_query_is_told_nothing_before_it_is_known_whether_they_may(
    hub, database
):
    feed = hub.feed(ROOM, database.load)
    feed.begin(8)
    alice = listen(hub, database, ROOM)
    [subscription] = feed.subscriptions
    subscription.cursor = 5
    database.found[5] = Change(ROOM, 5, 8, (message(1, 6, ends=ALICE),))
    database.answers.clear()
    feed.catch_up(subscription)
    await until(lambda: database.reads[5])

    # A fault sends everybody on to the newest rev, from which she could be told what follows.
    feed.restart()
    hub.deliver(post(9, "now that she is gone"))
    database.answers.set()

    await until(lambda: alice.told[-1].get("event") == "left")
    assert "gone" not in str(alice.frames)


async def test_what_is_over_is_not_followed_again_by_who_catches_up(hub, database, monkeypatch):
    monkeypatch.setattr(ring, "MAX_ROWS", 2)
    feed = hub.feed(ROOM, database.load)
    feed.begin(5)
    alice = listen(hub, database, ROOM)
    [subscription] = feed.subscriptions
    subscription.cursor = 3
    database.found[3] = Change(ROOM, 3, 7, (message(1, 7, follow="room:2"),))

    # So much that the ring forgets its first rows. It waits for what is before it.
    rest = tuple(message(number, 7 + number) for number in range(2, 10))
    hub.deliver(Change(ROOM, 7, 16, (message(1, 8, unfollow="room:2"), *rest)))
    feed.catch_up(subscription)

    await until(lambda: subscription.cursor == 16)
    assert not hub.heads.is_followed("room:2")
    assert alice.told


async def test_news_of_a_stream_concern_who_holds_it_and_who_follows_it_from_afar(hub, database):
    listen(hub, database, "room:1")
    me = Subscription("me", ALICE, Wire())
    hub.heads.follow("room:2", me)
    assert [hub.wants(f"room:{number}") for number in (1, 2, 3)] == [True, True, False]

    hub.heads.unfollow_all(me)

    assert not hub.wants("room:2")


async def test_a_stream_that_nobody_listens_to_is_forgotten(hub, database, monkeypatch):
    monkeypatch.setattr(module, "IDLE_FEED_SECONDS", -1)
    listen(hub, database, "room:1")
    left = Subscription("room:2", ALICE, Wire())
    hub.subscribe("room:2", database.load, left)
    hub.unsubscribe("room:2", left)
    hub.tap("control:1", database.load, Mock(), rev=0)

    hub._sweep(hub._loop)

    assert list(hub._feeds) == ["room:1", "control:1"]


async def test_a_stream_is_kept_for_a_while_for_who_comes_back(hub, database):
    left = Subscription(ROOM, ALICE, Wire())
    hub.subscribe(ROOM, database.load, left).begin(0)
    hub.unsubscribe(ROOM, left)

    hub._sweep(hub._loop)

    assert list(hub._feeds) == [ROOM]


async def test_recent_rows_of_all_streams_together_are_bounded(hub, database, monkeypatch):
    monkeypatch.setattr(module, "MAX_RING_BYTES", 5_000)
    for number in range(10):
        listen(hub, database, f"room:{number}")
        hub.deliver(Change(f"room:{number}", 0, 1, (message(1, 1, "x" * 1_000),)))
    hub.deliver(Change("room:0", 1, 2, (message(2, 2),)))

    hub._sweep(hub._loop)

    rings = {key: feed.ring for key, feed in hub._feeds.items()}
    assert sum(ring.bytes for ring in rings.values()) <= 5_000
    assert {key for key, ring in rings.items() if len(ring)} == {
        *("room:0", "room:7", "room:8", "room:9")
    }
    assert rings["room:1"].after(0) is None
    assert rings["room:1"].after(1) == []


async def test_a_tap_hears_every_row_once_in_order(hub, database):
    rows: list[Row] = []
    hub.tap(ROOM, database.load, rows.append, rev=0)

    for change in (post(2), post(1), post(2)):
        hub.deliver(change)

    assert [row.rev for row in rows] == [1, 2]


async def test_an_event_reaches_who_reads_and_is_lost_on_others(hub, database):
    alice, bob = listen(hub, database, ROOM), listen(hub, database, ROOM)
    bob.is_congested = True

    hub.tell_event(ROOM, "typing", b'{"person":1}')

    assert alice.told == [{"topic": ROOM, "event": "typing", "data": {"person": 1}}]
    assert bob.told == []


async def test_from_another_thread_nothing_is_done_without_sockets():
    Hub().announce(post(1))


def listen(hub: Hub, database: Database, key: str) -> Wire:
    wire = Wire()
    subscription = Subscription(key, ALICE, wire)
    hub.subscribe(key, database.load, subscription).begin(0)
    subscription.is_live = True
    return wire
