"""A notification says whether it came quietly: then no page points it out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Membership, Room
from notifications import services
from notifications.models import Notification, Preferences
from notifications.rows import shown
from realtime_project.accounts.models import User
from tests.notifications.mailing import be_loud, be_quiet
from tests.notifications.pager import mention, poke

pytestmark = pytest.mark.django_db(transaction=True)


def is_quiet(person: User) -> bool:
    [row] = shown([Notification.objects.filter(inbox=person.pk).latest("pk")])
    return row.quiet


def test_what_comes_while_its_room_or_everything_is_muted_is_quiet(
    alice: User, bob: User, releases: Room
):
    mention(alice, bob, releases)
    assert not is_quiet(alice)

    later = timezone.now() + timedelta(hours=1)
    Membership.objects.filter(person=alice).update(muted_until=later)
    mention(alice, bob, releases)
    assert is_quiet(alice)

    Membership.objects.filter(person=alice).update(muted_until=None)
    Preferences.objects.create(person=alice, muted_until=later)
    mention(alice, bob, releases)
    assert is_quiet(alice)


def test_what_comes_in_quiet_hours_is_quiet_unless_it_breaks_through(alice: User, bob: User):
    be_quiet(alice)
    poke(alice, actor=bob.pk)
    assert is_quiet(alice)

    poke(alice, actor=bob.pk, priority=5)
    assert not is_quiet(alice)


def test_the_next_event_of_a_group_is_as_loud_as_it_comes(alice: User, bob: User):
    be_quiet(alice)
    poke(alice, group="web1", key="a", actor=bob.pk)
    be_loud(alice)
    poke(alice, group="web1", key="b", actor=bob.pk)

    assert not is_quiet(alice)


def test_what_was_snoozed_is_pointed_out_when_its_time_has_come(alice: User, bob: User):
    be_quiet(alice)
    poke(alice, actor=bob.pk)
    until = timezone.now() + timedelta(minutes=5)
    services.snooze(
        person=alice.pk, notifications=[Notification.objects.get(inbox=alice.pk).pk], until=until
    )

    services.wake(until)

    assert not is_quiet(alice)
