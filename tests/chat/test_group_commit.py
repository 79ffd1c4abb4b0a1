"""Many posts of a room are stored together, and each has its own fate."""

import asyncio
from uuid import uuid4

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import OperationalError, connection

from chat import services
from chat.models import Membership, Message, Personal, Room
from chat.services import Post
from realtime_project.live.codes import Conflict
from realtime_project.live.streams import advance
from tests.cast import make_person, make_room
from tests.sockets import connected


def test_one_refused_post_does_not_touch_the_others(alice, bob, mallory, releases):
    elsewhere = make_room(bob, name="elsewhere")
    used = services.post_message(
        person=bob.pk, room=elsewhere.pk, client_id=uuid4(), text="said elsewhere"
    )

    outcomes = services.post_messages(
        room=releases.pk,
        posts=[
            Post(alice.pk, uuid4(), "first"),
            Post(mallory.pk, uuid4(), "a stranger's"),
            Post(bob.pk, uuid4(), "   "),
            Post(bob.pk, used.client_id, "said here too"),
            Post(bob.pk, uuid4(), "last"),
        ],
    )

    kinds = [type(outcome) for outcome in outcomes]
    assert kinds == [Message, Membership.DoesNotExist, ValidationError, Conflict, Message]
    assert isinstance(outcomes[1], ObjectDoesNotExist)
    said = Message.objects.filter(room=releases).order_by("seq")
    assert [message.text for message in said] == ["first", "last"]
    assert [message.number for message in said] == [1, 2]


def test_the_same_post_twice_in_one_batch_is_one_message(alice, releases):
    post = Post(alice.pk, uuid4(), "Once")

    first, again = services.post_messages(room=releases.pk, posts=[post, post])

    assert isinstance(first, Message)
    assert first == again
    assert Message.objects.count() == 1


def test_eighty_posts_of_twenty_people_take_as_many_queries_as_one(
    transactional_db, django_assert_num_queries
):
    people = [make_person(f"person{number}") for number in range(20)]
    room = make_room(*people)

    def posts(count: int) -> list[Post]:
        return [Post(people[n % 20].pk, uuid4(), f"message {n}") for n in range(count)]

    # On PostgreSQL the streams of several people are locked first, in their order.
    several = 1 if connection.features.has_select_for_update else 0
    with django_assert_num_queries(9):
        services.post_messages(room=room.pk, posts=posts(1))
    with django_assert_num_queries(9 + several):
        services.post_messages(room=room.pk, posts=posts(80))


def test_everybody_of_a_batch_has_read_their_own_post(alice, bob, releases):
    outcomes = services.post_messages(
        room=releases.pk,
        posts=[Post(person.pk, uuid4(), f"of {person}") for person in (alice, bob, alice)],
    )

    of_bob, of_alice = outcomes[1:]
    for person, last in ((alice, of_alice), (bob, of_bob)):
        membership = Membership.objects.of(person.pk, releases.pk)
        assert isinstance(last, Message)
        assert (membership.read_seq, membership.read_number) == (last.seq, last.number)
        assert membership.personal_rev == Personal.objects.get(pk=person.pk).rev


def test_nobody_elses_marker_moves_and_none_in_another_room(alice, bob, releases):
    elsewhere = make_room(alice, bob, name="elsewhere")
    others = Membership.objects.exclude(person=alice, room=releases).order_by("pk")
    before = list(others.values())
    assert {releases.pk, elsewhere.pk} <= {one["room_id"] for one in before}

    [message] = services.post_messages(room=releases.pk, posts=[Post(alice.pk, uuid4(), "Here")])

    assert isinstance(message, Message)
    assert list(others.values()) == before
    assert Membership.objects.of(alice.pk, releases.pk).read_seq == message.seq


def test_a_member_who_is_removed_before_the_lock_is_taken_says_nothing(
    alice, bob, releases, monkeypatch
):
    """Bob's rights are read, he is taken out, and then his post would be numbered."""

    def remove_first(*steps):
        Membership.objects.filter(person=bob, room=releases).update(is_active=False)
        advance(*steps)

    monkeypatch.setattr("chat.services.messages.advance", remove_first)
    before = Room.objects.get(pk=releases.pk).rev

    [outcome] = services.post_messages(
        room=releases.pk, posts=[Post(bob.pk, uuid4(), "one last word")]
    )

    assert isinstance(outcome, Membership.DoesNotExist)
    assert not Message.objects.exists()
    assert Room.objects.get(pk=releases.pk).rev == before


def test_a_lost_connection_to_the_database_is_tried_once_more(alice, releases, monkeypatch):
    calls = []

    def lose_connection(*steps):
        calls.append(steps)
        if len(calls) == 1:
            raise OperationalError("server closed the connection unexpectedly")
        advance(*steps)

    monkeypatch.setattr("chat.services.messages.advance", lose_connection)

    [outcome] = services.post_messages(room=releases.pk, posts=[Post(alice.pk, uuid4(), "stored")])

    assert isinstance(outcome, Message)
    assert Message.objects.count() == 1
    connection.close()


async def test_many_people_post_at_once_and_everybody_hears_all_of_it_in_one_order(
    alice, bob, releases, room
):
    async with connected(alice) as hers, connected(bob) as his:
        for socket in (hers, his):
            await socket.ask("subscribe", topics={room: None})

        await asyncio.gather(
            *(socket.post(room, f"message {n}") for n in range(10) for socket in (hers, his))
        )
        await hers.until(lambda: len(hers.messages()) == 20 or None, "not all")
        await his.until(lambda: len(his.messages()) == 20 or None, "not all")

        assert [row["seq"] for row in hers.messages()] == [row["seq"] for row in his.messages()]
        seqs = [row["seq"] for row in hers.messages()]
        assert seqs == sorted(set(seqs))


@pytest.mark.parametrize("count", [2, 150])
async def test_a_burst_of_one_person_keeps_its_order(alice, releases, count: int):
    from chat import consumers

    posts = [Post(alice.pk, uuid4(), f"message {n}") for n in range(count)]

    stored = await asyncio.gather(*(consumers._posts.add(releases.pk, post) for post in posts))

    assert [message.text for message in sorted(stored, key=lambda one: one.seq)] == [
        f"message {n}" for n in range(count)
    ]
