"""Many messages come into a room at once, from elsewhere or from earlier."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from chat import queries, services
from chat.models import Membership, Message, Room
from chat.services import Imported
from realtime_project.live.cursor import Want
from realtime_project.live.database import in_database
from tests.cast import make_person
from tests.sockets import connected

THEN = datetime(2020, 2, 29, 9, 30, tzinfo=UTC)


def old_talk(author: int, count: int) -> list[Imported]:
    return [Imported(author, THEN + timedelta(minutes=n), f"old {n}") for n in range(count)]


def say(author, room: Room, text: str) -> Message:
    return services.post_message(person=author.pk, room=room.pk, client_id=uuid4(), text=text)


def test_what_is_imported_stands_behind_what_was_said_with_its_own_author_and_time(
    alice, bob, releases
):
    first = say(alice, releases, "first")

    services.import_messages(room=releases.pk, messages=old_talk(bob.pk, 400))
    last = say(alice, releases, "last")

    said = list(Message.objects.filter(room=releases))
    assert [message.seq for message in said] == list(range(first.seq, first.seq + 402))
    assert [message.rev for message in said] == [message.seq for message in said]
    assert [message.number for message in said] == list(range(1, 403))
    assert said[-1] == last
    assert said[1].author == bob
    assert said[1].created == THEN
    assert said[1].html == "<p>old 0</p>"
    assert Room.objects.get(pk=releases.pk).number == 402


def test_nobodys_read_marker_moves_so_that_all_of_it_is_unread(alice, bob, releases):
    say(bob, releases, "one")
    before = Membership.objects.order_by("pk").values_list("read_seq", "read_number")
    markers = list(before)

    services.import_messages(room=releases.pk, messages=old_talk(bob.pk, 20))

    assert list(before.all()) == markers
    for person, unread in ((alice, 21), (bob, 20)):
        member = Membership.objects.of(person.pk, releases.pk)
        assert member.room.number - member.read_number == unread


def test_who_has_left_may_be_an_author_and_an_archived_room_takes_its_past(alice, bob, releases):
    services.leave_room(person=bob.pk, room=releases.pk)
    services.archive_room(person=alice.pk, room=releases.pk, archived=True)

    services.import_messages(room=releases.pk, messages=old_talk(bob.pk, 3))

    rows = queries.history(alice.pk, releases.pk).rows
    assert [row.author.name for row in rows] == ["Bob"] * 3


def test_what_was_edited_says_so_and_what_was_deleted_is_a_tombstone(alice, releases):
    later = THEN + timedelta(hours=1)
    messages = [
        Imported(alice.pk, THEN, "in other words", edited=later),
        Imported(alice.pk, THEN, "hunter2", deleted=later),
    ]

    services.import_messages(room=releases.pk, messages=messages)

    edited, deleted = Message.objects.filter(room=releases)
    assert (edited.text, edited.edited) == ("in other words", later)
    assert (deleted.text, deleted.html, deleted.deleted) == ("", "", later)


def test_all_of_it_comes_in_or_nothing(alice, releases):
    twice = uuid4()
    wrong = [
        [*old_talk(alice.pk, 3), Imported(alice.pk, THEN, " ")],
        [*old_talk(alice.pk, 3), *(Imported(alice.pk, THEN, "x", client_id=twice),) * 2],
    ]
    before = Room.objects.get(pk=releases.pk)

    for messages, refusal in zip(wrong, (ValidationError, IntegrityError), strict=True):
        with pytest.raises(refusal):
            services.import_messages(room=releases.pk, messages=messages)

    room = Room.objects.get(pk=releases.pk)
    assert (room.rev, room.number, room.floor) == (before.rev, before.number, before.floor)
    assert not Message.objects.exists()


def test_an_import_of_nothing_disturbs_nobody(releases):
    before = Room.objects.get(pk=releases.pk).rev

    assert services.import_messages(room=releases.pk, messages=[]).rev == before
    assert Room.objects.get(pk=releases.pk).rev == before


def test_a_text_that_comes_again_need_not_be_rendered_again(alice, releases):
    rendered: list[str] = []

    def remember(text: str) -> str:
        rendered.append(text)
        return f"<p>{text}</p>"

    services.import_messages(room=releases.pk, messages=old_talk(alice.pk, 2), render=remember)

    assert rendered == ["old 0", "old 1"]


def test_cursors_from_before_are_below_the_floor(alice, releases):
    room = services.import_messages(room=releases.pk, messages=old_talk(alice.pk, 5))

    for after in (0, room.rev - 1):
        want = Want(releases.key, after)
        assert queries.room_changes([want])[want].reset
    want = Want(releases.key, room.rev)
    assert not queries.room_changes([want])[want].reset


async def test_a_page_that_is_open_loads_the_room_afresh_and_hears_what_comes_next(
    alice, bob, releases, room
):
    async with connected(alice) as hers, connected(bob) as his:
        await his.ask("subscribe", topics={"me": None, room: None})
        await hers.ask("subscribe", topics={room: None})

        done = await in_database(
            services.import_messages, room=releases.pk, messages=old_talk(alice.pk, 400)
        )

        await his.hears(topic=room, reset=True, rev=done.rev)
        assert his.messages() == []
        state = await in_database(queries.room_state, bob.pk, releases.pk)
        assert state.rev == done.rev
        posted = await hers.post(room, "and now")
        assert posted["rev"] == done.rev + 1
        await his.hears_message("and now")
        await his.until(
            lambda: his.heads(releases.pk)[-1]["number"] == 401 or None, "the head stays"
        )


async def test_who_was_away_while_it_came_loads_the_state(alice, bob, releases, room):
    async with connected(bob) as his:
        cursor = (await his.ask("subscribe", topics={room: None}))[room]["rev"]
    await in_database(services.import_messages, room=releases.pk, messages=old_talk(alice.pk, 5))

    async with connected(bob) as his:
        await his.ask("subscribe", topics={room: cursor})

        assert (await his.hears(topic=room, reset=True))["rev"] == cursor + 5


async def test_it_begins_behind_a_newcomer_whose_history_begins_with_joining(alice, releases):
    await in_database(
        services.update_room, person=alice.pk, room=releases.pk, is_history_open=False
    )
    await in_database(services.import_messages, room=releases.pk, messages=old_talk(alice.pk, 5))
    carol = await in_database(make_person, "carol")
    await in_database(services.join_room, person=carol.pk, room=releases.pk)

    page = await in_database(queries.history, carol.pk, releases.pk)

    assert page.rows == []
