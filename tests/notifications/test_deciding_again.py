"""What leaves for the outside is decided again when it leaves, by how it stands then."""

from uuid import uuid4

from django.utils import timezone

from chat import services as chat
from notifications import services
from notifications.deliveries.channels import (
    Again,
    Sent,
)
from notifications.deliveries.models import Delivery, Why
from notifications.models import Notification, Preferences
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from realtime_project.live import seeing
from realtime_project.live.sight import Report
from tests.notifications.mailing import be_loud, be_quiet
from tests.notifications.pager import let_time_pass, looks_at, mention, poke, reasons, send_all


def test_who_may_be_reading_is_given_time_and_told_if_they_did_not(alice, bob, releases, pager):
    looks_at(alice, releases.key, 0, seconds_ago=1)
    mention(alice, bob, releases)
    send_all()
    assert not pager.sent

    seeing.store("worker", seeing.encode(Report(100.0, {})))  # the laptop vanished
    let_time_pass()
    send_all()

    assert pager.texts == [["Bob mentioned you in releases."]]
    assert reasons(alice)[-2:] == ["not_quiet", "sent"]


def test_who_has_seen_it_on_a_page_meanwhile_is_told_nothing_more(alice, bob, releases, pager):
    looks_at(alice, releases.key, 0, seconds_ago=1)
    told = mention(alice, bob, releases)

    releases.refresh_from_db()
    looks_at(alice, releases.key, releases.rev, seconds_ago=1)
    let_time_pass()
    send_all()

    assert told.message
    assert not pager.sent
    assert not Delivery.objects.exists()
    assert "seen" in reasons(alice)


def test_who_has_read_the_room_meanwhile_is_told_nothing_more(alice, bob, releases, pager):
    mention(alice, bob, releases)
    releases.refresh_from_db()
    chat.mark_read(person=alice.pk, room=releases.pk, seq=releases.rev)

    send_all()

    assert not pager.sent
    assert "read" in reasons(alice)


def test_who_may_not_see_it_any_more_is_told_nothing(alice, bob, releases, pager):
    chat.post_message(person=alice.pk, room=releases.pk, client_id=uuid4(), text="@bob!")
    services.tell_what_happened()
    chat.leave_room(person=bob.pk, room=releases.pk)

    # The retraction is told later, and has not come yet.
    send_all()

    assert not pager.sent
    assert not Delivery.objects.exists()
    assert reasons(bob)[-2:] == ["may_not_see", "nothing"]


def test_what_was_sent_keeps_its_reasons_when_a_later_channel_finds_it_read(
    alice, bob, releases, pager
):
    told = mention(alice, bob, releases)
    pager.answers = [[Sent(), Again("busy", target="phone")]]
    send_all()
    services.mark_read(person=alice.pk, notifications=[told.pk])

    let_time_pass()
    send_all()

    assert [target for _person, target, _items in pager.sent] == [""]
    assert reasons(alice)[-2:] == ["not_quiet", "sent"]


def test_quiet_hours_end_with_one_summary_of_what_is_unread(alice, bob, pager):
    save_preferences(person=alice.pk, chosen=Chosen({}, NEVER, True, (), (), ()))
    be_quiet(alice)
    for _ in range(3):
        poke(alice, actor=bob.pk)
    assert {one.why for one in Delivery.objects.all()} == {Why.QUIET}
    send_all()
    assert not pager.sent
    services.mark_read(person=alice.pk, notifications=[Notification.objects.earliest("pk").pk])

    be_loud(alice)
    let_time_pass()
    send_all()

    [[_person, _target, items]] = pager.sent
    assert [item.why for item in items] == [Why.QUIET] * 2


def test_quiet_that_begins_before_it_is_sent_holds_it(alice, bob, pager):
    save_preferences(person=alice.pk, chosen=Chosen({}, NEVER, True, (), (), ()))
    poke(alice, actor=bob.pk)
    be_quiet(alice)

    send_all()

    [held] = Delivery.objects.all()
    assert not pager.sent
    assert (held.why, held.claim) == (Why.QUIET, "")
    assert held.due > timezone.now()


def test_preferences_that_cannot_be_read_withhold_nothing(alice, bob, pager):
    Preferences.objects.create(person=alice, choices={"tests.poke": "broken"})

    poke(alice, actor=bob.pk)
    send_all()

    assert pager.texts == [["Bob poked you 1 times"]]
