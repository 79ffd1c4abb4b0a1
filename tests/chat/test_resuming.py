"""Somebody was away and comes back: they are told what they missed, and nothing else."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest

from chat import queries, services
from chat.consumers import RoomConsumer
from chat.models import Message, Room
from realtime_project.accounts.models import User
from realtime_project.live.changes import Change
from realtime_project.live.cursor import Want
from realtime_project.live.database import in_database
from realtime_project.live.models import Installation
from realtime_project.live.streams import purge
from realtime_project.live.worker import worker
from tests.cast import make_person, make_room
from tests.sockets import connected


def say(author: User, room: Room, text: str) -> Message:
    return services.post_message(person=author.pk, room=room.pk, client_id=uuid4(), text=text)


def forget_what_is_held() -> None:
    """As if this process had just started: every replay must come from the database."""
    worker.hub.start()


@pytest.fixture(params=["from the ring", "from the database"])
def source(request):
    return request.param


async def test_who_comes_back_hears_what_was_said_in_between(alice, bob, releases, room, source):
    async with connected(bob) as his:
        cursor = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
    if source == "from the database":
        forget_what_is_held()
    else:
        async with connected(alice) as hers:
            await hers.ask("subscribe", topics={room: cursor})
    for text in ("one", "two", "three"):
        await in_database(say, alice, releases, text)

    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: cursor})

        await his.hears_message("three")
        assert [row["html"] for row in his.messages()] == [
            "<p>one</p>",
            "<p>two</p>",
            "<p>three</p>",
        ]
        [frame] = [frame for frame in his.frames if "rows" in frame]
        assert (frame["from"], frame["rev"]) == (cursor, cursor + 3)


@pytest.fixture
def reads(monkeypatch):
    """What is read of rooms from now on; an answer that is put into it is given instead."""
    reads = Reads(queries.room_changes)
    monkeypatch.setattr(RoomConsumer, "changes_many", reads)
    return reads


class Reads:
    def __init__(self, read) -> None:
        self.read = read
        self.asked: list[Any] = []
        self.prepared: list[dict[Want, Change]] = []

    def __call__(self, wants: Sequence[Want]) -> dict[Want, Change]:
        self.asked.append(wants)
        return self.prepared.pop() if self.prepared else self.read(wants)


async def test_a_crowd_that_missed_the_same_reads_it_once(alice, bob, releases, room, reads):
    before = await in_database(say, alice, releases, "before")
    await in_database(say, alice, releases, "missed")
    forget_what_is_held()

    async with AsyncExitStack() as stack:
        crowd = [await stack.enter_async_context(connected(bob)) for _ in range(8)]
        await asyncio.gather(*(one.ask("subscribe", topics={room: before.rev}) for one in crowd))

        for one in crowd:
            await one.hears_message("missed")
    assert reads.asked == [[Want(room, before.rev)]]


async def test_what_was_read_before_the_rights_were_is_read_again(
    alice, bob, releases, room, reads
):
    """Somebody's read is under way while a message is deleted; Bob comes and finds it."""
    before = await in_database(say, alice, releases, "before")
    secret = await in_database(say, alice, releases, "a secret")
    want = Want(room, before.rev)
    reads.prepared = [await in_database(reads.read, [want])]
    await in_database(services.delete_message, person=alice.pk, room=releases.pk, message=secret.pk)
    forget_what_is_held()

    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: before.rev})

        await his.hears(topic=room, rev=before.rev + 2)
        assert "a secret" not in str(his.frames)
        assert reads.asked == [[want], [want]]


def test_what_was_missed_of_eight_rooms_is_read_at_once(alice, bob, django_assert_num_queries):
    rooms = [make_room(alice, bob, name=f"room {number}") for number in range(8)]
    said = [say(alice, room, f"said in {room}") for room in rooms]
    wants = [Want(message.room.key, message.rev - 1) for message in said]

    with django_assert_num_queries(3):  # rooms, members, messages
        found = queries.room_changes(wants)

    for want, message in zip(wants, said, strict=True):
        [row] = found[want].rows
        assert row.rev == found[want].rev == message.rev
        assert f"said in {message.room}".encode() in row.data


async def test_no_replay_shows_what_an_edit_or_a_deletion_removed(alice, bob, releases, room):
    async with connected(alice) as hers:
        cursor = (await hers.ask("subscribe", topics={room: None}))[room]["rev"]
        secret = await hers.post(room, "the secret is hunter2")
        wrong = await hers.post(room, "Bob is a fool")
        await hers.ask("message.delete", room, message=secret["id"])
        await hers.ask("message.edit", room, message=wrong["id"], text="Bob is a friend")

        async with connected(bob) as his:
            await his.ask("subscribe", topics={room: cursor})
            await his.hears_message("friend")

            assert "hunter2" not in str(his.frames)
            assert "fool" not in str(his.frames)


async def test_who_missed_too_much_loads_the_state(alice, bob, releases, room):
    async with connected(bob) as his:
        cursor = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
    forget_what_is_held()
    posts = [services.Post(alice.pk, uuid4(), f"message {number}") for number in range(301)]
    await in_database(services.post_messages, room=releases.pk, posts=posts)

    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: cursor})

        reset = await his.hears(topic=room, reset=True)
        assert reset["rev"] == cursor + 301
        assert his.messages() == []


async def test_a_cursor_from_the_future_loads_the_state(bob, room):
    async with connected(bob) as his:
        rev = (await his.ask("subscribe", topics={room: 10_000}))[room]["rev"]

        assert (await his.hears(topic=room, reset=True))["rev"] == rev


async def test_a_cursor_of_another_epoch_loads_the_state(bob, room):
    async with connected(bob) as his:
        rev = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
        his.frames.clear()

        await his.ask("subscribe", epoch="another", topics={room: rev})

        await his.hears(topic=room, reset=True)


async def test_a_cursor_of_this_epoch_goes_on(bob, room):
    epoch = (await in_database(Installation.current)).epoch
    async with connected(bob) as his:
        rev = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
        his.frames.clear()

        await his.ask("subscribe", epoch=epoch, topics={room: rev})
        await his.settle()

        assert not [frame for frame in his.frames if "reset" in frame]


async def test_after_a_purge_everybody_loads_the_state(alice, bob, releases, room):
    await in_database(say, alice, releases, "old")
    async with connected(bob) as his:
        cursor = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
        his.frames.clear()

        await in_database(purge, releases, Message.objects.filter(room=releases))

        reset = await his.hears(topic=room, reset=True)
        assert reset["rev"] == cursor + 1
    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: cursor})
        await his.hears(topic=room, reset=True)


async def test_a_history_limited_member_never_sees_what_was_said_before(alice, transactional_db):
    closed = await in_database(make_room, alice, name="closed", is_history_open=False)
    before = await in_database(say, alice, closed, "between ourselves")
    carol = await in_database(make_person, "carol")
    await in_database(services.join_room, person=carol.pk, room=closed.pk)

    async with connected(alice) as hers, connected(carol) as theirs:
        await hers.ask("subscribe", topics={closed.key: None})
        await theirs.ask("subscribe", topics={closed.key: 0})
        await hers.ask("message.edit", closed.key, message=before.pk, text="between us two")
        await hers.post(closed.key, "Hello Carol")
        await theirs.hears_message("Hello Carol")

        assert [row["html"] for row in theirs.messages()] == ["<p>Hello Carol</p>"]
        assert "between" not in str(theirs.frames)
        # … and a replay from the ring, which holds the edited one, hides it too.
        await theirs.ask("subscribe", topics={closed.key: 0})
        await theirs.settle()
        assert "between" not in str(theirs.frames)


async def test_one_frame_resumes_many_topics_and_an_error_stays_with_its_own(
    alice, bob, releases, room, mallory
):
    secret = await in_database(make_room, mallory, name="plans", is_private=True)
    async with connected(bob) as his:
        answer = await his.ask("subscribe", topics={"me": None, room: None, secret.key: 0})

        assert answer[room]["rev"] == (await in_database(Room.objects.get, pk=releases.pk)).rev
        assert "rev" in answer["me"]
        assert answer[secret.key]["error"]["code"] == "not_found"
