"""What is said to everybody is one row, and each has read it or not."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import queries, services
from notifications.models import Announcement, Announcements, Inbox, Mark
from tests.cast import make_person
from tests.notifications.reading import badge, poke


@pytest.fixture(autouse=True)
def _inboxes(alice, bob):
    services.open_inboxes([alice.pk, bob.pk])


def test_everybody_is_told_by_one_row(alice, bob, django_assert_num_queries):
    services.announce(title="The first")
    with django_assert_num_queries(7):  # five, and the transaction around them
        services.announce(title="Lunch", text="At noon.", author=alice.pk)

    assert badge(alice) == badge(bob) == (2, 2)
    assert Announcement.objects.count() == 2


def test_the_same_key_is_announced_once(alice):
    first = services.announce(title="Lunch", key="lunch")

    again = services.announce(title="Dinner", key="lunch")

    assert again == first
    assert [one.title for one in Announcement.objects.all()] == ["Lunch"]


@pytest.mark.parametrize("wrong", [{"title": " "}, {"title": "x" * 121}, {"priority": 6}])
def test_what_cannot_be_announced_is_refused(wrong, transactional_db):
    with pytest.raises(ValidationError):
        services.announce(**{"title": "Lunch", **wrong})

    assert not Announcement.objects.exists()


def test_one_person_reads_for_themselves_alone(alice, bob):
    lunch = services.announce(title="Lunch")
    services.announce(title="Dinner")

    services.mark_read(person=alice.pk, announcements=[lunch.pk])
    assert (badge(alice), badge(bob)) == ((1, 1), (2, 2))

    services.mark_unread(person=alice.pk, announcements=[lunch.pk])
    assert badge(alice) == (2, 2)


def test_all_are_read_by_a_number_and_exceptions_with_them(alice):
    services.notify(poke(alice))
    lunch = services.announce(title="Lunch")
    services.announce(title="Dinner")
    services.mark_read(person=alice.pk, announcements=[lunch.pk])
    services.mark_unread(person=alice.pk, announcements=[lunch.pk])
    counts = queries.counts([alice.pk])[alice.pk]

    services.mark_all_read(
        person=alice.pk,
        until=counts.inbox_rev,
        announcements_until=counts.announcements_rev,
    )
    assert badge(alice) == (0, 0)
    assert Mark.objects.count() == 1

    services.mark_unread(person=alice.pk, announcements=[lunch.pk])
    assert badge(alice) == (1, 1)
    services.announce(title="Supper")
    assert badge(alice) == (2, 2)


def test_seen_is_not_read(alice):
    services.announce(title="Lunch")

    services.mark_seen(person=alice.pk, until=0, announcements_until=1)

    assert badge(alice) == (0, 1)


def test_nobody_has_seen_or_read_what_is_announced_later(alice):
    services.mark_all_read(person=alice.pk, until=2**53, announcements_until=2**53)
    services.mark_seen(person=alice.pk, until=2**53, announcements_until=2**53)

    services.announce(title="Lunch")

    assert badge(alice) == (1, 1)


def test_who_puts_one_away_does_not_see_it_any_more_and_can_have_it_back(alice, bob):
    lunch = services.announce(title="Lunch")

    services.archive(person=alice.pk, announcements=[lunch.pk])
    assert (badge(alice), badge(bob)) == ((0, 0), (1, 1))

    services.restore(person=alice.pk, announcements=[lunch.pk])
    assert badge(alice) == (1, 1)


def test_what_is_withdrawn_leaves_a_tombstone_and_no_badge(alice, bob):
    lunch = services.announce(title="Lunch", text="At noon.", url="/lunch/")
    services.mark_unread(person=bob.pk, announcements=[lunch.pk])

    assert services.withdraw(announcements=[lunch.pk]) == 1
    assert services.withdraw(announcements=[lunch.pk]) == 0

    assert badge(alice) == badge(bob) == (0, 0)
    lunch.refresh_from_db()
    assert (lunch.title, lunch.text, lunch.url) == ("", "", "")


def test_who_withdraws_nothing_disturbs_nobody(alice):
    lunch = services.announce(title="Lunch")
    services.withdraw(announcements=[lunch.pk])
    before = Announcements.current().rev

    services.withdraw(announcements=[lunch.pk])
    services.withdraw(announcements=[])

    assert Announcements.current().rev == before


def test_what_has_expired_is_withdrawn_by_a_job(alice):
    now = timezone.now()
    services.announce(title="Lunch", expires=now + timedelta(hours=1))

    services.expire(now)
    assert badge(alice) == (1, 1)

    services.expire(now + timedelta(hours=2))
    assert badge(alice) == (0, 0)


def test_who_comes_later_finds_it_read(alice):
    services.announce(title="Lunch")

    carol = make_person("carol")
    services.open_inboxes([carol.pk])
    assert badge(carol) == (0, 0)
    assert [str(one) for one in Announcement.objects.all()] == ["Lunch"]

    services.announce(title="Dinner")
    assert badge(carol) == (1, 1)


def test_whoever_announces_writes_to_no_inbox(alice):
    before = list(Inbox.objects.order_by("pk").values())

    services.announce(title="Lunch")

    assert list(Inbox.objects.order_by("pk").values()) == before
