"""One stream within a process, and those who listen to it."""

import asyncio

from realtime_project.live import feed as feeds
from realtime_project.live.changes import Change
from realtime_project.live.codes import CloseCode
from tests.live.clients import Wire
from tests.live.rows import ROOM, message, post
from tests.live.streams import Listener, until


class BrokenWire(Wire):
    """A socket that fails when it is written to."""

    def write(self, frame: bytes) -> None:
        raise RuntimeError("the socket is in pieces")


async def test_everybody_hears_what_happens_once(feed):
    alice, bob = Listener(feed, cursor=0), Listener(feed, cursor=0)

    for change in (post(2), post(1), post(1), post(2)):
        feed.accept(change)

    assert alice.changes == bob.changes == [(0, 1), (1, 2)]


async def test_a_socket_that_fails_ends_alone(feed):
    alice, mallory, bob = (Listener(feed, 0, wire) for wire in (Wire(), BrokenWire(), Wire()))

    feed.accept(post(1))
    feed.accept(post(2))

    assert alice.changes == bob.changes == [(0, 1), (1, 2)]
    assert mallory.wire.closed_with is CloseCode.RESTART


async def test_a_socket_that_fails_while_it_catches_up_ends_alone(feed, database):
    database.found[0] = Change(ROOM, 0, 5)
    feed.accept(Change(ROOM, 0, 5))
    feed.ring.clear(since=5)
    mallory, alice = Listener(feed, 0, BrokenWire()), Listener(feed, 0)

    feed.catch_up(mallory.subscription)
    feed.catch_up(alice.subscription)

    await until(lambda: mallory.wire.closed_with)
    assert mallory.wire.closed_with is CloseCode.RESTART
    assert alice.changes == [(0, 5)]


async def test_who_does_not_read_stops_and_is_told_the_rest_when_they_do(feed, database):
    alice, bob = Listener(feed, 0), Listener(feed, 0)
    feed.accept(post(1))
    alice.wire.is_congested = True

    feed.accept(post(2))
    feed.accept(post(3))
    assert alice.changes == [(0, 1)]
    assert bob.changes == [(0, 1), (1, 2), (2, 3)]

    alice.wire.is_congested = False
    feed.catch_up(alice.subscription)
    assert alice.changes == [(0, 1), (1, 3)]
    assert not database.reads


async def test_those_who_missed_the_same_wait_for_one_query(feed, database):
    database.found[0] = Change(ROOM, 0, 3, (message(1, 1), message(2, 2), message(3, 3)))
    feed.accept(Change(ROOM, 0, 2))
    feed.ring.clear(since=2)
    listeners = [Listener(feed, cursor=0) for _ in range(5)]

    feed.accept(post(3))

    await until(lambda: all(listener.subscription.cursor == 3 for listener in listeners))
    assert database.reads == {0: 1}


async def test_what_an_announcement_leaves_out_is_read(feed, database):
    alice = Listener(feed, cursor=0)
    database.found[0] = Change(ROOM, 0, 2, (message(1, 1), message(2, 2)))

    feed.accept(post(2))
    assert alice.changes == []

    await until(lambda: alice.changes)
    assert alice.changes == [(0, 2)]


async def test_what_the_database_does_not_know_is_not_waited_for(feed, database):
    database.found[0] = Change(ROOM, 0, 0)

    feed.expect(7)
    await until(lambda: database.reads[0])
    await until(lambda: feed._repair is None)

    assert database.reads == {0: 1}


async def test_what_a_lost_history_announced_never_takes_the_place_of_what_is_said_now(
    feed, database
):
    alice = Listener(feed, cursor=0)
    database.found[0] = Change(ROOM, 0, 0)
    feed.accept(post(3, "before the backup was restored"))
    await until(lambda: database.reads[0])
    await until(lambda: feed._repair is None)

    for rev in (1, 2, 3):
        feed.accept(post(rev, "afterwards"))

    assert alice.changes == [(0, 1), (1, 2), (2, 3)]
    assert "before" not in str(alice.wire.frames)
    assert database.reads == {0: 1}


async def test_what_is_announced_during_a_query_waits_for_the_next(feed, database):
    alice = Listener(feed, cursor=0)
    database.found = {0: post(1), 1: Change(ROOM, 1, 3, (message(2, 2), message(3, 3)))}
    database.answers.clear()
    feed.expect(1)
    await until(lambda: database.reads[0])

    feed.accept(post(3))
    database.answers.set()

    await until(lambda: alice.changes == [(0, 1), (1, 3)])


async def test_what_is_heard_of_during_a_query_is_not_forgotten(feed, database):
    alice = Listener(feed, cursor=0)
    database.found = {0: Change(ROOM, 0, 1, (message(1, 1),)), 1: post(2)}
    database.answers.clear()
    feed.expect(1)
    await until(lambda: database.reads[0])

    feed.expect(2)
    database.answers.set()

    await until(lambda: alice.changes == [(0, 1), (1, 2)])


async def test_what_is_missing_is_read_by_a_query_that_begins_after_it_was_missed(feed, database):
    feed.accept(Change(ROOM, 0, 2))
    feed.ring.clear(since=2)
    alice = Listener(feed, cursor=0)
    database.found[2] = Change(ROOM, 2, 2)
    database.answers.clear()
    feed.catch_up(alice.subscription)
    # A fault sends her on before her query has begun. It asks what came after the newest rev.
    feed.restart()
    await until(lambda: database.reads[2] == 1)
    bob = Listener(feed, cursor=2)

    database.found[2] = Change(ROOM, 2, 4, (message(3, 3), message(4, 4)))
    feed.accept(post(4))
    await until(lambda: database.reads[2] == 2)
    database.answers.set()

    await until(lambda: bob.changes)
    assert bob.changes == [(2, 4)]


async def test_who_waits_for_a_query_does_not_wait_for_another_one_beside_it(feed, database):
    database.found[0] = Change(ROOM, 0, 0)
    feed.accept(Change(ROOM, 0, 5))
    feed.ring.clear(since=5)
    alice = Listener(feed, cursor=0)
    database.answers.clear()
    feed.catch_up(alice.subscription)
    feed.accept(post(6))

    database.answers.set()
    await until(lambda: alice.wire.frames)
    for _ in range(50):
        await asyncio.sleep(0)

    # In a backup that was restored there is less: she is told so once.
    assert alice.wire.told == [{"topic": ROOM, "reset": True, "rev": 6}]


async def test_a_database_that_fails_is_asked_again(feed, database):
    alice = Listener(feed, cursor=0)
    database.found[0] = post(1)
    database.faults = 2

    feed.expect(1)

    await until(lambda: alice.changes == [(0, 1)])
    assert database.reads == {0: 3}


async def test_a_reset_reaches_everybody_also_who_does_not_read(feed):
    alice, bob = Listener(feed, 0), Listener(feed, 0)
    bob.wire.is_congested = True

    feed.accept(Change(ROOM, 0, 1, reset=True))
    feed.accept(post(2))

    reset = {"topic": ROOM, "reset": True, "rev": 1}
    assert alice.wire.told[0] == bob.wire.told[0] == reset
    assert alice.changes == [(1, 2)]


async def test_a_large_crowd_leaves_others_their_turn(feed, monkeypatch):
    monkeypatch.setattr(feeds, "SLICE_SECONDS", 0)
    crowd = [Listener(feed, cursor=0) for _ in range(2000)]
    told: list[int] = []

    feed.accept(post(1))
    asyncio.get_running_loop().call_soon(lambda: told.append(count_told(crowd)))
    await until(lambda: count_told(crowd) == len(crowd))

    assert 0 < told[0] < len(crowd)
    assert all(one.changes == [(0, 1)] for one in crowd)


async def test_who_leaves_while_a_large_crowd_is_told_hears_nothing_more(feed, monkeypatch):
    monkeypatch.setattr(feeds, "SLICE_SECONDS", 0)
    crowd = [Listener(feed, cursor=0) for _ in range(500)]
    feed.accept(post(1))
    leaving = [one for one in crowd if not one.changes]

    for one in leaving:
        one.subscription.is_live = False
    await until(lambda: feed._change is None)

    assert leaving
    assert all(one.wire.frames == [] for one in leaving)


def count_told(crowd: list[Listener]) -> int:
    return sum(bool(one.wire.frames) for one in crowd)


async def test_a_database_that_was_restored_beneath_is_not_asked_without_an_end(
    feed, database, monkeypatch
):
    monkeypatch.setattr(feeds, "RETRY_SECONDS", 60)
    database.found[0] = Change(ROOM, 0, 0)
    feed.accept(Change(ROOM, 0, 5))
    feed.ring.clear(since=5)
    database.found[5] = Change(ROOM, 5, 5)
    alice = Listener(feed, 0)

    feed.catch_up(alice.subscription)
    feed.accept(post(9))
    await until(lambda: alice.wire.told and database.reads[5])
    for _ in range(50):
        await asyncio.sleep(0)

    assert alice.wire.told[-1]["reset"] is True
    assert database.reads[0] == 1
    assert database.reads[5] == 1
