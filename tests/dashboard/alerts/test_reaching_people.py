"""What is critical reaches people in their inboxes, with a button, and goes when it is over."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Notify, Room
from chat.services import set_notify
from dashboard.models import Heartbeat, IngestSource
from dashboard.models.alerts import Alert
from notifications import queries, services
from notifications.models import Inbox
from notifications.protocol import NotificationRow
from realtime_project.accounts.models import User
from tests.dashboard.alerts.watching import Watch, make_rule

pytestmark = pytest.mark.django_db(transaction=True)


def inbox(person: User) -> list[NotificationRow]:
    """What somebody finds there of alerts, once everybody has been told."""
    while services.tell_what_happened():
        pass
    if not Inbox.objects.filter(pk=person.pk).exists():
        return []
    rows = queries.inbox_page(person.pk).rows
    return [row for row in rows if row.type.startswith("dashboard.")]


def test_a_critical_alert_reaches_who_is_in_the_room_with_a_button(
    alice: User, bob: User, mallory: User, releases: Room
) -> None:
    make_rule(room=releases, severity="critical")
    Watch().sees(0.9)
    alert = Alert.objects.get()

    [row] = inbox(alice)
    assert (row.type, row.priority) == ("dashboard.firing", 5)
    assert row.text["en"] == "Alert: Loop lag (web@0)"
    assert row.url == f"/rooms/{releases.pk}/@{releases.messages.get().seq}"
    [button] = row.actions
    assert (button.name, button.url) == ("acknowledge", f"/boards/alerts/{alert.pk}/acknowledge")
    assert len(inbox(bob)) == 1
    assert inbox(mallory) == []


def test_what_is_not_critical_stays_in_its_room(alice: User, releases: Room) -> None:
    make_rule(room=releases)
    Watch().sees(0.9)

    assert inbox(alice) == []


def test_when_it_is_over_it_is_taken_back_and_said(alice: User, releases: Room) -> None:
    make_rule(room=releases, severity="critical")
    watch = Watch().sees(0.9)
    assert [row.type for row in inbox(alice)] == ["dashboard.firing"]

    watch.sees(0.1)
    [row] = inbox(alice)
    assert row.type == "dashboard.resolved"
    assert row.text["en"] == "Loop lag (web@0) is resolved after 10 s"
    assert row.actions == []


def test_what_was_over_before_anybody_was_told_is_told_to_nobody(
    alice: User, releases: Room
) -> None:
    make_rule(room=releases, severity="critical")
    Watch().sees(0.9, 0.1)

    assert [row.type for row in inbox(alice)] == ["dashboard.resolved"]


def test_a_reminder_is_the_same_notification_once_more(alice: User, releases: Room) -> None:
    make_rule(room=releases, severity="critical", repeat=30)
    watch = Watch().sees(0.9)
    [before] = inbox(alice)

    watch.sees(*[0.9] * 3)
    [row] = inbox(alice)
    assert (row.id, row.count) == (before.id, 2)
    assert row.rev > before.rev
    assert releases.messages.count() == 1


def test_who_wants_nothing_of_a_room_is_told_nothing(
    alice: User, bob: User, releases: Room
) -> None:
    set_notify(person=alice.pk, room=releases.pk, notify=Notify.NOTHING)
    make_rule(room=releases, severity="critical")
    Watch().sees(0.9)

    assert inbox(alice) == []
    assert len(inbox(bob)) == 1


def test_an_alert_without_a_room_reaches_those_who_run_the_place(alice: User, olga: User) -> None:
    make_rule(severity="critical")
    Watch().sees(0.9)

    [row] = inbox(olga)
    assert row.url == f"/boards/alerts/{Alert.objects.get().pk}/"
    assert inbox(alice) == []


def test_a_job_that_has_not_come_is_a_kind_of_its_own(olga: User) -> None:
    source = IngestSource.objects.create(slug="ops", title="Ops")
    Heartbeat.objects.create(
        source=source,
        slug="backup",
        period=timedelta(minutes=1),
        grace=timedelta(seconds=10),
        done=timezone.now() - timedelta(days=400),
    )
    make_rule(name="Backups", watch="heartbeat", query={})
    Watch().sees(None, None)

    [row] = inbox(olga)
    assert (row.type, row.priority) == ("dashboard.heartbeat", 4)
    assert row.text["en"] == "Backups (backup, ops): a job failed or has not come in time"


def test_why_was_i_notified_says_it_of_alerts_too(alice: User, releases: Room) -> None:
    make_rule(room=releases, severity="critical")
    Watch().sees(0.9)
    inbox(alice)
    browser = Client()
    browser.force_login(alice)

    page = browser.get(f"/rooms/{releases.pk}/@{releases.messages.get().seq}/why").text
    assert "A critical alert fires" in page
