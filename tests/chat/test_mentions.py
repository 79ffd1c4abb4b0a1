"""Who is mentioned, or brought into a room, is told of it; and not of what they may not see."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat import services
from chat.mentions import Crowd, mentioned
from chat.models import Membership
from notifications import queries
from notifications.models import Happening
from notifications.services import open_inboxes, tell_what_happened
from realtime_project.accounts.models.person import ADDRESSES_OF_MANY
from tests.cast import make_room


def say(person, room, text: str):
    return services.post_message(person=person.pk, room=room.pk, client_id=uuid4(), text=text)


def told(person) -> list[str]:
    tell_what_happened()
    open_inboxes([person.pk])
    return [row.text["en"] for row in queries.inbox_page(person.pk).rows]


def test_who_is_mentioned_is_told_and_led_to_the_message(alice, bob, releases):
    said = say(alice, releases, "Ask @bob.")

    assert told(bob) == ["Alice mentioned you in releases."]
    [row] = queries.inbox_page(bob.pk).rows
    assert (row.room, row.message, row.url) == (
        releases.pk,
        said.pk,
        f"/rooms/{releases.pk}/@{said.seq}",
    )
    assert told(alice) == []


def test_nobody_outside_the_room_learns_of_it(alice, bob, mallory, releases):
    say(alice, releases, "@mallory would not like this, @bob")

    assert told(mallory) == []
    assert told(bob) == ["Alice mentioned you in releases."]


def test_who_came_later_to_a_room_without_history_is_not_told_of_what_was_before(alice, mallory):
    secret = make_room(alice, name="secret", is_history_open=False)
    say(alice, secret, "Poor @mallory")
    services.join_room(person=mallory.pk, room=secret.pk)

    assert told(mallory) == []


def test_a_mention_is_taken_back_with_its_message(alice, bob, releases):
    said = say(alice, releases, "@bob")
    assert told(bob)

    services.delete_message(person=alice.pk, room=releases.pk, message=said.pk)

    assert told(bob) == []


def test_what_was_deleted_before_it_was_told_is_not_told(alice, bob, releases):
    said = say(alice, releases, "@bob")
    services.delete_message(person=alice.pk, room=releases.pk, message=said.pk)

    assert told(bob) == []


def test_the_same_post_again_is_told_once(alice, bob, releases):
    client_id = uuid4()
    for _ in range(2):
        services.post_message(
            person=alice.pk, room=releases.pk, client_id=client_id, text="@bob, once"
        )

    assert told(bob) == ["Alice mentioned you in releases."]


def test_who_is_brought_into_a_room_is_told_by_whom(alice, bob, mallory, releases):
    services.add_members(person=alice.pk, room=releases.pk, people=[bob.pk, mallory.pk])

    assert told(mallory) == ["Alice added you to releases."]
    assert told(bob) == []


def test_who_is_brought_in_where_they_were_mentioned_is_told_of_that_too(
    alice, bob, mallory, releases
):
    said = say(alice, releases, "@mallory should know")
    assert told(mallory) == []

    services.add_members(person=alice.pk, room=releases.pk, people=[mallory.pk], message=said.pk)

    assert set(told(mallory)) == {
        "Alice added you to releases.",
        "Alice mentioned you in releases.",
    }


def test_who_is_brought_in_is_not_told_of_what_they_may_not_read(alice, bob, mallory, releases):
    secret = make_room(alice, name="secret", is_history_open=False)
    elsewhere = make_room(bob, name="elsewhere")
    before = say(alice, secret, "Do not tell @mallory")
    foreign = say(bob, elsewhere, "@mallory again")
    unmeant = say(alice, releases, "@bob")
    for room, message in ((secret, before), (secret, foreign), (releases, unmeant)):
        services.add_members(person=alice.pk, room=room.pk, people=[mallory.pk], message=message.pk)

    assert set(told(mallory)) == {"Alice added you to secret.", "Alice added you to releases."}


def test_who_joins_by_themselves_is_not_told(mallory, releases):
    services.join_room(person=mallory.pk, room=releases.pk)

    assert told(mallory) == []


@pytest.mark.parametrize("way", ["removed", "left"])
def test_who_is_out_of_a_room_keeps_nothing_that_tells_of_it(alice, bob, releases, way):
    say(alice, releases, "@bob")
    assert told(bob)

    if way == "removed":
        services.remove_member(person=alice.pk, room=releases.pk, member=bob.pk)
    else:
        services.leave_room(person=bob.pk, room=releases.pk)

    assert told(bob) == []


def test_a_post_that_mentions_nobody_costs_no_query_and_one_that_does_costs_two(
    alice, bob, releases
):
    say(alice, releases, "The first builds what is kept")
    say(alice, releases, "@bob too")
    counts = []
    for text in ("Hello", "Hello @bob, @alice, @mallory and @nobody"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            say(alice, releases, text)
        counts.append(len(asked))

    # Who is meant, and the row of what is to be told.
    assert counts[1] == counts[0] + 2
    assert Happening.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bob", {"bob"}),
        ("(@bob), @carol!", {"bob", "carol"}),
        ("Ask @bob.", {"bob"}),
        ("@anna.lena", {"anna.lena"}),
        ("@josé and @Ωmega", {"josé", "Ωmega"}),
        ("bob@example.org", set()),
        ("https://example.org/@bob", set()),
        ("`@bob` and\n\n```\n@bob\n```", set()),
        ("> @bob said so", set()),
        ("[@bob](https://example.org)", set()),
        ("@here, @Room", set()),
        ("@", set()),
    ],
)
def test_a_mention_is_a_name_behind_an_at_that_stands_alone(text, names):
    assert names <= mentioned(text)
    if not names:
        assert mentioned(text) == set()


@pytest.mark.parametrize("word", Crowd)
def test_nobody_has_a_name_by_which_many_are_mentioned(word):
    assert word in ADDRESSES_OF_MANY


def test_who_is_invited_to_an_open_room_is_told_and_joins_by_a_button(
    alice, bob, mallory, releases, client
):
    asked = services.invite(person=bob.pk, room=releases.pk, people=[mallory.pk, alice.pk])

    assert asked == [mallory]
    assert told(alice) == []
    assert told(mallory) == ["Bob invited you to releases."]
    [row] = queries.inbox_page(mallory.pk).rows
    assert row.url == "/rooms/?q=releases"
    [join] = row.actions
    assert (join.name, join.label["de"]) == ("join", "Beitreten")
    client.force_login(mallory)
    client.post(join.url)
    assert Membership.objects.active().filter(person=mallory, room=releases).exists()


def test_an_invitation_goes_when_its_person_has_come_in(alice, bob, mallory, releases):
    services.invite(person=alice.pk, room=releases.pk, people=[mallory.pk])
    assert told(mallory)

    services.join_room(person=mallory.pk, room=releases.pk)

    assert told(mallory) == []


def test_several_invitations_are_one_and_nobody_asks_twice(alice, bob, mallory, releases):
    for person in (alice, bob, alice):
        services.invite(person=person.pk, room=releases.pk, people=[mallory.pk])

    assert told(mallory) == ["Bob and Alice invited you to releases."]


def test_nobody_is_invited_to_a_private_or_an_archived_room_or_from_outside(
    alice, mallory, releases
):
    secret = make_room(alice, name="secret", is_private=True)
    with pytest.raises(PermissionDenied):
        services.invite(person=alice.pk, room=secret.pk, people=[mallory.pk])
    with pytest.raises(Membership.DoesNotExist):
        services.invite(person=mallory.pk, room=releases.pk, people=[mallory.pk])
    services.archive_room(person=alice.pk, room=releases.pk, archived=True)
    with pytest.raises(ValidationError):
        services.invite(person=alice.pk, room=releases.pk, people=[mallory.pk])

    assert told(mallory) == []


def test_a_button_from_before_the_room_was_archived_leads_nowhere(alice, mallory, releases, client):
    services.archive_room(person=alice.pk, room=releases.pk, archived=True)
    client.force_login(mallory)

    assert client.post(f"/rooms/{releases.pk}/join/").status_code == 404
