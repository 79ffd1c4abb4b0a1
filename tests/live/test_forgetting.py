"""What was deleted is shown to nobody once this process knows of it, however late they are."""

import pytest

from realtime_project.live import feed as feeds
from realtime_project.live.changes import Change
from tests.live.rows import ROOM, message, post
from tests.live.streams import ALICE, Listener, until


async def test_a_deletion_is_heeded_while_a_large_crowd_is_told(feed, monkeypatch):
    monkeypatch.setattr(feeds, "SLICE_SECONDS", 0)
    crowd = [Listener(feed, cursor=0) for _ in range(500)]
    feed.accept(post(1, "my password is hunter2"))
    still_to_tell = [one for one in crowd if not one.changes]

    feed.accept(Change(ROOM, 1, 2, (message(1, 2, ""),)))
    await until(lambda: all(one.subscription.cursor == 2 for one in crowd))

    assert still_to_tell
    assert not any(b"hunter2" in b"".join(one.wire.frames) for one in still_to_tell)


async def test_a_deletion_that_was_announced_first_is_heeded(feed):
    alice = Listener(feed, cursor=0)
    feed.accept(Change(ROOM, 1, 2, (message(1, 2, ""),)))

    feed.accept(post(1, "my password is hunter2"))

    assert alice.changes == [(0, 1), (1, 2)]
    assert b"hunter2" not in b"".join(alice.wire.frames)


@pytest.mark.parametrize(
    "removal",
    [Change(ROOM, 1, 2, (message(1, 2, ""),)), Change(ROOM, 1, 2, reset=True)],
    ids=["deleted", "purged"],
)
async def test_an_answer_from_before_a_deletion_does_not_show_what_was_deleted(
    feed, database, removal
):
    feed.accept(post(1))
    feed.ring.clear(since=1)
    database.found = {0: post(1, "my password is hunter2"), 1: removal}
    database.answers.clear()
    alice = Listener(feed, cursor=0, person=ALICE)
    feed.catch_up(alice.subscription)
    await until(lambda: database.reads[0])

    feed.accept(removal)
    database.answers.set()

    await until(lambda: alice.subscription.cursor == 2)
    assert b"hunter2" not in b"".join(alice.wire.frames)
