"""Announcements leave for everybody, and stand in no inbox."""

from datetime import timedelta

from django.utils import timezone

from notifications import services
from notifications.deliveries.models import Delivery
from notifications.models import Notification
from tests.notifications.pager import (
    let_time_pass,
    send_all,
)


def test_an_announcement_leaves_for_everybody_and_stands_in_no_inbox(alice, bob, carol, pager):
    services.announce(title="Lunch", author=bob.pk)
    while services.tell_what_happened():
        pass

    send_all()

    assert sorted(person for person, _target, _items in pager.sent) == ["alice", "carol"]
    assert pager.texts == [["Lunch"]] * 2
    assert not Notification.objects.exists()


def test_an_announcement_that_was_withdrawn_is_not_sent_and_taken_back_where_it_was(
    alice, bob, pager
):
    announcement = services.announce(title="Lunch")
    while services.tell_what_happened():
        pass
    Delivery.objects.filter(person=bob).update(due=timezone.now() + timedelta(hours=1))
    send_all()
    services.withdraw(announcements=[announcement.pk])

    let_time_pass()
    send_all()

    assert [person for person, _target, _items in pager.sent] == ["alice"]
    assert pager.withdrawn == [("alice", [f"a{announcement.pk}"])]
    assert not Delivery.objects.exists()


def test_an_announcement_that_was_read_meanwhile_is_not_sent(alice, bob, pager):
    announcement = services.announce(title="Lunch", author=bob.pk)
    while services.tell_what_happened():
        pass
    services.mark_read(person=alice.pk, announcements=[announcement.pk])

    send_all()

    assert not pager.sent
