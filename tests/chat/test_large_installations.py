"""People in many rooms, rooms with much to say, and what that may cost."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from chat import queries, services
from chat.models import Membership, Message, Personal, Room
from chat.services import Post
from realtime_project.live.changes import MAX_FRAME_BYTES
from realtime_project.live.cursor import Want
from realtime_project.live.database import in_database
from realtime_project.live.streams import advance
from tests.sockets import connected

BIG = "&" * 9_900


def join_many_rooms(person, count: int) -> None:
    rooms = Room.objects.bulk_create(
        Room(name=f"{number} " + "房" * 55, is_private=True, rev=1) for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(room=room, person=person, rev=1, personal_rev=1) for room in rooms
    )


def fill(room: Room, author, count: int, text: str) -> None:
    for start in range(0, count, 100):
        posts = [services.Post(author.pk, uuid4(), text) for _ in range(min(100, count - start))]
        services.post_messages(room=room.pk, posts=posts)


async def test_somebody_in_seven_hundred_rooms_gets_all_heads_in_frames_that_fit(alice):
    await in_database(join_many_rooms, alice, 700)
    async with connected(alice) as hers:
        await hers.ask("subscribe", topics={"me": None})
        await hers.settle()

        frames = [frame for frame in hers.frames if frame.get("event") == "heads"]
        assert sum(len(frame["data"]["heads"]) for frame in frames) == 701
        assert max(len(str(frame).encode()) for frame in frames) < 2 * MAX_FRAME_BYTES
        assert hers.closed_with is None


def test_a_replay_is_read_in_parts_of_bounded_size(alice, releases):
    fill(releases, alice, 60, BIG)
    room = Room.objects.get(pk=releases.pk)

    reached, parts, rows = 2, 0, 0
    while reached < room.rev:
        want = Want(room.key, reached)
        change = queries.room_changes([want])[want]
        assert sum(len(row.data) for row in change.rows) < queries.MAX_READ_BYTES + 60_000
        assert change.latest in (None, room.rev)
        reached, parts, rows = change.rev, parts + 1, rows + len(change.rows)

    assert rows == 60
    assert parts > 5


async def test_who_missed_many_large_messages_gets_each_once(alice, bob, releases, room):
    async with connected(bob) as his:
        cursor = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
    await in_database(fill, releases, alice, 60, BIG)

    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: cursor})
        await his.until(lambda: len(his.messages()) >= 60 or None, "not all messages")

        seqs = [row["seq"] for row in his.messages()]
        assert seqs == sorted(set(seqs))
        frames = [frame for frame in his.frames if "rows" in frame]
        assert [frame["from"] for frame in frames[1:]] == [frame["rev"] for frame in frames[:-1]]


def test_a_room_that_is_far_ahead_is_not_read_but_its_removals_are(alice, bob, releases):
    services.leave_room(person=bob.pk, room=releases.pk)
    fill(releases, alice, 310, "x")
    want = Want(releases.key, 0)

    change = queries.room_changes([want])[want]

    assert change.reset
    assert [row.ends for row in change.rows] == [None, bob.pk]


@pytest.mark.parametrize("write", ["edit", "join"])
def test_what_is_announced_was_read_under_the_lock(
    alice, bob, mallory, releases, write, monkeypatch
):
    """Between reading the room and locking it somebody else posts: no head may go back."""
    message = services.post_message(
        person=alice.pk, room=releases.pk, client_id=uuid4(), text="one"
    )
    module = "messages" if write == "edit" else "members"
    numbers: list[int] = []
    others = iter([Post(bob.pk, uuid4(), "two")])

    def after_somebody_else(*steps) -> None:
        for post in others:
            services.post_messages(room=releases.pk, posts=[post])
        advance(*steps)

    def note(room: Room) -> bytes:
        numbers.append(room.number)
        return b"{}"

    monkeypatch.setattr(f"chat.services.{module}.advance", after_somebody_else)
    monkeypatch.setattr(f"chat.services.{module}.head", note)
    if write == "edit":
        services.edit_message(
            person=alice.pk, room=releases.pk, message=message.pk, text="one, in other words"
        )
    else:
        services.join_room(person=mallory.pk, room=releases.pk)
        assert Membership.objects.of(mallory.pk, releases.pk).read_number == 2

    assert Room.objects.get(pk=releases.pk).number == 2
    assert numbers[-1] == 2


def test_a_name_taken_at_the_last_moment_is_said_to_be_taken(alice, bob, monkeypatch):
    clean = Room.full_clean

    def taken_in_between(room, **options) -> None:
        clean(room, **options)
        monkeypatch.undo()
        services.create_room(person=bob.pk, name="ops")

    monkeypatch.setattr(Room, "full_clean", taken_in_between)

    with pytest.raises(ValidationError, match="already a public room"):
        services.create_room(person=alice.pk, name="ops")


def test_numbers_that_fit_into_no_column_are_not_found(alice, client):
    client.force_login(alice)

    for path in ("/rooms/" + "9" * 30 + "/", "/rooms/" + "9" * 18 + "/messages"):
        assert client.get(path).status_code == 404


def test_a_personal_stream_can_be_saved_without_moving_it_back(alice):
    personal = Personal.objects.get(pk=alice.pk)
    Personal.objects.filter(pk=alice.pk).update(rev=50)

    personal.save()

    personal.refresh_from_db()
    assert personal.rev == 50
    assert Message.objects.count() == 0
    connection.close()
