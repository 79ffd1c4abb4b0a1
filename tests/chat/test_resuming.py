"""Somebody was away and comes back: they are told what they missed, and nothing else."""

from uuid import uuid4

import pytest

from chat import services
from chat.models import Message, Room
from realtime_project.accounts.models import User
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
