"""What a stream's delivery counts, where a conversation between two would not show it."""

import asyncio

import pytest

from realtime_project.live import metrics
from realtime_project.live.batcher import Batcher
from realtime_project.live.changes import Change
from tests.live.rows import ROOM, message, post
from tests.live.streams import Listener, until


@pytest.fixture(autouse=True)
def nothing_before(monkeypatch):
    for counters in (metrics.gaps, metrics.replays):
        monkeypatch.setattr(counters, "by", type(counters.by)(int))
    for counter in (metrics.deliveries, metrics.delivered_bytes, metrics.resets):
        monkeypatch.setattr(counter, "n", 0)


async def test_a_gap_that_closes_by_itself_and_one_that_must_be_read(feed, database):
    feed.accept(post(2))
    feed.accept(post(1))
    await until(lambda: metrics.gaps.by == {"arrived": 1})

    database.found[2] = Change(ROOM, 2, 4, (message(3, 3), message(4, 4)))
    feed.accept(post(4))
    await until(lambda: feed.rev == 4)

    assert metrics.gaps.by == {"arrived": 1, "read": 1}


async def test_who_does_not_read_is_not_delivered_to_but_replayed_to(feed, database):
    alice, bob = Listener(feed, 0), Listener(feed, 0)
    alice.wire.is_congested = True
    feed.accept(post(1))
    assert metrics.deliveries.n == 1
    assert metrics.delivered_bytes.n == sum(len(frame) for frame in bob.wire.frames)

    alice.wire.is_congested = False
    feed.catch_up(alice.subscription)
    assert metrics.replays.by == {"ring": 1}

    feed.ring.clear(since=1)
    carol = Listener(feed, 0)
    database.found[0] = post(1)
    feed.catch_up(carol.subscription)
    await until(lambda: carol.changes)

    assert metrics.replays.by == {"ring": 1, "database": 1}
    assert (metrics.deliveries.n, metrics.resets.n) == (1, 0)


async def test_a_crowd_is_counted_once_each_however_many_slices_it_takes(feed, monkeypatch):
    monkeypatch.setattr("realtime_project.live.feed.SLICE_SECONDS", 0)
    crowd = [Listener(feed, 0) for _ in range(200)]

    feed.accept(post(1))
    feed.accept(post(2))
    assert metrics.deliveries.n < 400
    await until(lambda: all(one.changes == [(0, 1), (1, 2)] for one in crowd))

    assert metrics.deliveries.n == 400


async def test_what_a_group_commit_stores_together_is_counted_as_one(monkeypatch):
    sizes: list[float] = []
    monkeypatch.setattr(metrics.commit_size, "observe", sizes.append)
    go = asyncio.Event()

    async def write(_key: str, items: object) -> list[int]:
        await go.wait()
        return list(items)  # type: ignore[call-overload, no-any-return]

    batcher = Batcher[str, int, int](write)
    adding = [asyncio.ensure_future(batcher.add("room", number)) for number in range(5)]
    await until(lambda: sizes)
    go.set()
    await asyncio.gather(*adding)

    assert sizes == [1, 4] or sizes == [5]
