"""How rooms that are not open on a page still show up in its rail."""

import pytest

from realtime_project.live import heads as module
from realtime_project.live.heads import Heads
from realtime_project.live.subscription import Subscription
from tests.live.clients import Wire
from tests.live.streams import ALICE, BOB, until

ROOM, OTHER_ROOM = "room:1", "room:2"


class Rail:
    """The rail on somebody's page."""

    def __init__(self, heads: Heads, person: int, *rooms: str) -> None:
        self.wire = Wire()
        self.subscription = Subscription("me", person, self.wire)
        self.subscription.is_live = True
        for room in rooms:
            heads.follow(room, self.subscription)

    @property
    def shown(self) -> list[list[int]]:
        return [one["data"]["heads"] for one in self.wire.told]


@pytest.fixture
def heads(monkeypatch):
    monkeypatch.setattr(module, "INTERVAL_SECONDS", 0.02)
    return Heads(on_moved=lambda person: None)


async def test_a_room_that_moves_is_told_to_who_follows_it(heads):
    alice, bob = Rail(heads, ALICE, ROOM), Rail(heads, BOB, OTHER_ROOM)

    heads.note(ROOM, 1, b"1")

    assert alice.wire.told == [{"topic": "me", "event": "heads", "data": {"heads": [1]}}]
    assert bob.shown == []


async def test_a_burst_is_told_twice_first_and_last(heads):
    alice = Rail(heads, ALICE, ROOM)

    for rev in range(1, 101):
        heads.note(ROOM, rev, b"%d" % rev)
    assert alice.shown == [[1]]

    await until(lambda: not heads._resting)
    assert alice.shown == [[1], [100]]


async def test_one_rooms_burst_does_not_delay_another_room(heads):
    alice = Rail(heads, ALICE, ROOM, OTHER_ROOM)
    heads.note(ROOM, 1, b"1")

    heads.note(OTHER_ROOM, 7, b"7")

    assert alice.shown == [[1], [7]]


async def test_a_head_that_arrives_late_does_not_turn_time_back(heads):
    alice = Rail(heads, ALICE, ROOM)
    heads.note(ROOM, 2, b"2")

    heads.note(ROOM, 1, b"1")
    await until(lambda: not heads._resting)

    assert alice.shown == [[2]]
    assert heads.newest(ROOM, 1, b"1") == b"2"
    assert heads.newest(ROOM, 3, b"3") == b"3"


async def test_who_does_not_read_is_told_the_last_heads_when_they_do(heads):
    alice = Rail(heads, ALICE, ROOM, OTHER_ROOM)
    alice.wire.is_congested = True
    for rev in range(1, 5):
        heads.note(ROOM, rev, b"%d" % rev)
    heads.note(OTHER_ROOM, 7, b"7")
    await until(lambda: not heads._resting)
    assert alice.shown == []

    alice.wire.is_congested = False
    heads.catch_up(alice.subscription)

    (told,) = alice.shown
    assert sorted(told) == [4, 7]


async def test_who_has_left_a_room_hears_no_more_of_it(heads):
    alice = Rail(heads, ALICE, ROOM)
    alice.wire.is_congested = True
    heads.note(ROOM, 1, b"1")

    heads.unfollow(ROOM, alice.subscription)
    alice.wire.is_congested = False
    heads.catch_up(alice.subscription)
    heads.note(ROOM, 2, b"2")
    await until(lambda: not heads._resting)

    assert alice.shown == []


async def test_a_page_that_is_closed_is_forgotten(heads):
    alice = Rail(heads, ALICE, ROOM, OTHER_ROOM)

    heads.unfollow_all(alice.subscription)

    assert not heads._followers
    assert not alice.subscription.follows


async def test_only_so_many_rooms_are_remembered(heads, monkeypatch):
    monkeypatch.setattr(module, "MAX_REMEMBERED", 3)
    alice = Rail(heads, ALICE, *(f"room:{number}" for number in range(5)))

    for number in range(5):
        heads.note(f"room:{number}", 1, b"%d" % number)
    await until(lambda: not heads._resting)

    assert len(heads._last) == 3
    assert alice.shown == [[number] for number in range(5)]


async def test_what_a_newcomer_reads_is_told_to_those_who_missed_it_and_to_them_once(heads):
    alice = Rail(heads, ALICE)
    heads.learn(ROOM, 1, b"1")
    heads.follow(ROOM, alice.subscription)

    heads.note(ROOM, 1, b"1")
    assert alice.shown == []

    heads.learn(ROOM, 2, b"2")
    assert alice.shown == [[2]]
