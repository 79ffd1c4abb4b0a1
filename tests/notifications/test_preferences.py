"""What people choose is kept, and read for many at once; what cannot be read withholds nothing."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from notifications.decision import Channels, Mail, Wishes
from notifications.models import Keyword, Preferences, Regard
from notifications.muting import Span, end_of
from notifications.preferences import queries, services
from notifications.preferences.services import Chosen
from notifications.quiet_hours import NEVER, Schedule, Window
from tests.cast import make_person

pytestmark = pytest.mark.django_db(transaction=True)

NIGHTS = Schedule((Window(time(22), time(7, 30)),) * 5 + (None, Window(time(0), time(0))))
NOTHING_CHOSEN = Chosen({}, NEVER, True, (), (), ())


@pytest.fixture
def alice():
    return make_person("alice", time_zone="Asia/Kathmandu")


@pytest.fixture
def bob():
    return make_person("bob")


def test_who_has_chosen_nothing_gets_what_the_kinds_say(alice):
    assert queries.wishes(alice.pk) == Wishes(zone=ZoneInfo("Asia/Kathmandu"))


def test_what_was_chosen_is_read_as_it_was(alice, bob):
    carol = make_person("carol")
    channels = {"chat.added": Channels(True, False, Mail.DIGEST), "other": Channels()}

    services.save_preferences(
        person=alice.pk,
        chosen=Chosen(channels, NIGHTS, False, [bob.pk], [carol.pk], [" Deploy ", "C++"]),
    )

    assert queries.wishes(alice.pk) == Wishes(
        channels=channels,
        muted_people=frozenset({carol.pk}),
        schedule=NIGHTS,
        zone=ZoneInfo("Asia/Kathmandu"),
        lets_urgent_through=False,
        lets_through=frozenset({bob.pk}),
    )
    assert [one.word for one in Keyword.objects.all()] == ["Deploy", "C++"]


def test_what_is_not_chosen_any_more_is_gone(alice, bob):
    chosen = replace(NOTHING_CHOSEN, lets_through=[bob.pk], keywords=["deploy", "release"])
    services.save_preferences(person=alice.pk, chosen=chosen)

    chosen = replace(NOTHING_CHOSEN, muted_people=[bob.pk], keywords=["RELEASE"])
    services.save_preferences(person=alice.pk, chosen=chosen)

    found = queries.wishes(alice.pk)
    assert found is not None
    assert (found.lets_through, found.muted_people) == (frozenset(), frozenset({bob.pk}))
    assert [one.word for one in Keyword.objects.all()] == ["RELEASE"]


def test_the_wishes_of_many_are_three_queries(alice, bob, django_assert_num_queries):
    people = [alice.pk, bob.pk, *(make_person(f"person{number}").pk for number in range(5))]

    with django_assert_num_queries(3):
        found = queries.wishes_of(people)

    assert found.keys() == set(people)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"keywords": ["x"]}, "2 to 40"),
        ({"keywords": ["x" * 41]}, "2 to 40"),
        ({"keywords": [f"word{number}" for number in range(21)]}, "20 keywords"),
        ({"muted_people": range(1, 52)}, "50 people"),
        ({"muted_people": [7], "lets_through": [7]}, "both"),
        ({"schedule": Schedule((Window(time(0), time(0)),) * 7)}, "need an end"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(alice, wrong: dict[str, object], words: str):
    with pytest.raises(ValidationError, match=words):
        services.save_preferences(person=alice.pk, chosen=replace(NOTHING_CHOSEN, **wrong))  # type: ignore[arg-type]

    assert not Preferences.objects.exists()


def test_nobody_has_to_do_with_themselves(alice):
    services.save_preferences(
        person=alice.pk, chosen=replace(NOTHING_CHOSEN, muted_people=[alice.pk])
    )

    assert not Regard.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [
        {"choices": {"chat.added": ["yes"]}},
        {"choices": {"chat.added": [True, True, "by pigeon"]}},
        {"choices": ["what"]},
        {"quiet": [["22:00", "07:00"]]},
        {"quiet": [["half past ten", "07:00"]] * 7},
    ],
)
def test_choices_that_were_broken_are_the_trouble_of_one_person(
    alice, bob, broken: dict[str, object], caplog
):
    Preferences.objects.create(person=alice, **broken)

    found = queries.wishes_of([alice.pk, bob.pk])

    assert found[alice.pk] is None
    assert found[bob.pk] is not None
    assert f"person {alice.pk}" in caplog.text


def test_a_table_that_cannot_be_read_withholds_nothing_from_anybody(alice, bob, monkeypatch):
    def fail(people: object) -> None:
        raise DatabaseError("no such column")

    monkeypatch.setattr(queries, "_regards", fail)

    with transaction.atomic():
        assert queries.wishes_of([alice.pk, bob.pk]) == {alice.pk: None, bob.pk: None}
        # And whoever asked goes on in the same transaction.
        assert Preferences.objects.count() == 0


def test_muting_everything_ends_by_itself_or_when_one_says_so(alice):
    until = services.mute_all(person=alice, span=Span.HOUR)

    assert until is not None
    assert timedelta(minutes=59) < until - timezone.now() <= timedelta(minutes=60)
    found = queries.wishes(alice.pk)
    assert found is not None
    assert found.muted_until == until
    services.mute_all(person=alice, span=None)
    found = queries.wishes(alice.pk)
    assert found is not None
    assert found.muted_until is None


@pytest.mark.parametrize(
    ("span", "zone", "now", "end"),
    [
        (Span.HOUR, "Europe/Vienna", "2026-03-29T00:30", "2026-03-29T01:30"),
        (Span.TOMORROW, "Europe/Vienna", "2026-05-12T20:00", "2026-05-13T06:00"),
        (Span.TOMORROW, "Europe/Vienna", "2026-05-12T05:30", "2026-05-13T06:00"),
        # At two in the night the coming morning is meant.
        (Span.TOMORROW, "Europe/Vienna", "2026-05-12T00:00", "2026-05-12T06:00"),
        # Over the change of the clock, and on the day that Samoa left out.
        (Span.TOMORROW, "Europe/Vienna", "2026-03-28T20:00", "2026-03-29T06:00"),
        (Span.TOMORROW, "Pacific/Apia", "2011-12-30T06:00", "2011-12-30T10:00"),
        (Span.WEEK, "Europe/Vienna", "2026-03-25T20:00", "2026-04-01T06:00"),
        (Span.WEEK, "Asia/Kathmandu", "2026-05-12T20:00", "2026-05-20T02:15"),
    ],
)
def test_a_span_ends_on_a_morning_of_the_place(span: Span, zone: str, now: str, end: str):
    found = end_of(span, ZoneInfo(zone), datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert found == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_who_watches_for_a_word_is_found_by_it(alice, bob):
    for person, words in ((alice, ["Deploy", "Straße"]), (bob, ["release"])):
        services.save_preferences(person=person.pk, chosen=replace(NOTHING_CHOSEN, keywords=words))
    everybody = [alice.pk, bob.pk]

    assert queries.watching(everybody, "In der STRASSE") == {alice.pk: "Straße"}
    assert queries.watching(everybody, "deploy the release") == {
        alice.pk: "Deploy", bob.pk: "release",
    }  # fmt: skip
    assert queries.watching([bob.pk], "deploy") == {}
    assert queries.watching(everybody, "deployment") == {}
