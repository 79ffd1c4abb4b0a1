"""What leaves for the outside: written with the notification, decided again, sent, and marked."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from chat import services as chat
from chat.models import Room
from notifications import services
from notifications.decision import Channels
from notifications.deliveries import channels, sending
from notifications.deliveries.channels import (
    PUSH,
    Again,
    Channel,
    Gone,
    Item,
    Outcome,
    Refused,
    Sent,
)
from notifications.deliveries.models import Delivery, State, Why
from notifications.deliveries.sending import deliver
from notifications.models import Inbox, Notification, Preferences, Trace
from notifications.notices import Notice, Retraction
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from notifications.retrying import PAUSES
from realtime_project.accounts.models import User
from realtime_project.live import seeing
from realtime_project.live.sight import Glance, Report
from tests.notifications.mailing import be_loud, be_quiet


class Pager:
    """A channel to devices that tests can look at."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, list[Item]]] = []
        self.withdrawn: list[tuple[str, list[str]]] = []
        self.answers: list[Sequence[Outcome]] = []

    def send(self, person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
        # What is sent within a transaction can be sent, and then not have happened.
        assert not transaction.get_connection().in_atomic_block
        self.sent.append((person.username, target, list(items)))
        return self.answers.pop(0) if self.answers else [Sent()]

    def take_back(self, person: User, items: Sequence[Item]) -> None:
        self.withdrawn.append((person.username, [item.tag for item in items]))

    @property
    def texts(self) -> list[list[str]]:
        return [[item.text for item in items] for _person, _target, items in self.sent]


@pytest.fixture
def pager(monkeypatch: pytest.MonkeyPatch) -> Pager:
    pager = Pager()
    channel = Channel(PUSH, lambda: True, pager.send, withdrawn=pager.take_back)
    monkeypatch.setattr(channels, "_channels", {**channels.channels(), PUSH: channel})
    return pager


def poke(person: User, **facts: object) -> None:
    services.notify(Notice(person.pk, "tests.poke", **facts))  # type: ignore[arg-type]


def send_all() -> None:
    while deliver(PUSH):
        pass


def let_time_pass() -> None:
    Delivery.objects.filter(state=State.WAITING).update(due=timezone.now())


def mention(alice: User, bob: User, room: Room) -> Notification:
    chat.post_message(person=bob.pk, room=room.pk, client_id=uuid4(), text="@alice!")
    while services.tell_what_happened():
        pass
    return Notification.objects.filter(inbox=alice.pk).latest("pk")


def looks_at(person: User, place: str, rev: int, *, seconds_ago: float) -> None:
    report = Report(100.0, {person.pk: {place: Glance(rev, 100.0 - seconds_ago)}})
    seeing.store("worker", seeing.encode(report))


def reasons(person: User) -> list[str]:
    return [line[0] for line in Trace.objects.get(person=person).lines]


# --- written with the notification -------------------------------------------------------------


def test_more_of_a_group_within_a_minute_reaches_out_once(alice, pager):
    for key in ("a", "b"):
        poke(alice, group="web1", key=key)
        send_all()
    services.mark_all_read(person=alice.pk, until=Inbox.objects.get(pk=alice.pk).rev)
    poke(alice, group="web1", key="c")
    send_all()

    assert len(pager.sent) == 2
    assert Notification.objects.get(inbox=alice.pk).count == 1


def test_what_is_undone_with_its_notification_does_not_leave(alice, pager):
    with transaction.atomic():
        poke(alice)
        transaction.set_rollback(True)

    send_all()

    assert not pager.sent
    assert not Delivery.objects.exists()


def test_what_nobody_wants_outside_of_the_inbox_is_not_written_down(alice, pager):
    inbox_alone = {"tests.poke": Channels(in_app=True)}
    save_preferences(person=alice.pk, chosen=Chosen(inbox_alone, NEVER, True, (), (), ()))

    poke(alice)

    assert Notification.objects.exists()
    assert not Delivery.objects.exists()


def test_the_same_key_again_is_not_sent_again(alice, bob, pager):
    for _ in range(2):
        poke(alice, key="once", actor=bob.pk)
        send_all()

    assert pager.texts == [["Bob poked you 1 times"]]


def test_several_events_of_a_group_leave_as_one(alice, bob, carol, pager):
    poke(alice, group="g", key="1", actor=bob.pk)
    poke(alice, group="g", key="2", actor=carol.pk)

    send_all()

    [[_person, _target, [item]]] = pager.sent
    assert item.text == "Carol and Bob poked you 2 times"
    assert {one.state for one in Delivery.objects.all()} == {State.SENT}


# --- decided again -----------------------------------------------------------------------------


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


# --- sent, and marked --------------------------------------------------------------------------


def test_one_target_of_several_is_tried_again_alone(alice, bob, pager):
    pager.answers = [[Sent(), Again("503", after=timedelta(hours=2), target="phone"), Gone()]]
    poke(alice, actor=bob.pk)
    send_all()

    [waits] = Delivery.objects.filter(state=State.WAITING)
    assert (waits.target, waits.attempts, waits.error) == ("phone", 1, "503")
    assert timedelta(hours=1, minutes=59) < waits.due - timezone.now() <= timedelta(hours=2)
    let_time_pass()
    send_all()

    assert [(target, len(items)) for _person, target, items in pager.sent] == [
        ("", 1),
        ("phone", 1),
    ]
    assert {one.state for one in Delivery.objects.all()} == {State.SENT}


def test_what_fails_again_and_again_is_given_up_until_an_admin_wants_it(alice, bob, pager):
    pager.answers = [[Again("busy")]] * (len(PAUSES) + 1)
    poke(alice, actor=bob.pk)
    for _ in pager.answers[:]:
        let_time_pass()
        send_all()

    [given_up] = Delivery.objects.all()
    assert (given_up.state, given_up.error) == (State.REFUSED, "busy")
    assert len(pager.sent) == len(PAUSES) + 1

    assert sending.retry([given_up.pk]) == 1
    send_all()
    given_up.refresh_from_db()
    assert given_up.state == State.SENT


def test_what_is_refused_is_kept_and_what_reached_nobody_is_forgotten(alice, bob, pager):
    pager.answers = [[Refused("410 for good")], [Gone()]]
    for person in (alice, bob):
        poke(person)
        send_all()

    [refused] = Delivery.objects.all()
    assert (refused.person, refused.state, refused.error) == (alice, State.REFUSED, "410 for good")


def test_a_fault_of_a_channel_holds_up_nobody_else(alice, bob, pager: Pager, monkeypatch, caplog):
    def fail(person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
        if person == alice:
            raise ValueError("broken")
        return pager.send(person, items, target)

    broken = Channel(PUSH, lambda: True, fail)
    monkeypatch.setattr(channels, "_channels", {PUSH: broken})
    for person in (alice, bob):
        poke(person)

    send_all()

    assert [person for person, _target, _items in pager.sent] == ["bob"]
    [waits] = Delivery.objects.filter(state=State.WAITING)
    assert (waits.person, waits.attempts) == (alice, 1)
    assert "broken" in waits.error
    assert "failed" in caplog.text


def test_who_has_lost_their_claim_says_nothing_about_it(alice, pager, monkeypatch):
    """A process that was stopped in the middle wakes up after another one has sent it."""

    def take_away(person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
        Delivery.objects.update(claim="another", error="of another")
        return [Refused("too late")]

    slow = Channel(PUSH, lambda: True, take_away)
    monkeypatch.setattr(channels, "_channels", {PUSH: slow})
    poke(alice)

    send_all()

    [delivery] = Delivery.objects.all()
    assert (delivery.state, delivery.error) == (State.WAITING, "of another")


# --- taken back --------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["read", "read all", "archived", "retracted"])
def test_what_was_sent_is_taken_back_when_it_is_read_elsewhere(alice, bob, pager, act):
    poke(alice, group="one", actor=bob.pk)
    poke(alice, group="other", actor=bob.pk)
    send_all()
    one = Notification.objects.get(group="one")
    {
        "read": lambda: services.mark_read(person=alice.pk, notifications=[one.pk]),
        "read all": lambda: services.mark_all_read(
            person=alice.pk, until=Inbox.objects.get(pk=alice.pk).rev - 1
        ),
        "archived": lambda: services.archive(person=alice.pk, notifications=[one.pk]),
        "retracted": lambda: services.retract(Retraction(alice.pk, group="one")),
    }[act]()

    send_all()

    assert pager.withdrawn == [("alice", [f"n{one.pk}"])]
    [left] = Delivery.objects.all()
    assert (left.notification, left.state) == (Notification.objects.get(group="other"), State.SENT)


# --- announcements -----------------------------------------------------------------------------


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


# --- time --------------------------------------------------------------------------------------


def test_what_was_sent_is_forgotten_after_a_day_and_what_was_refused_after_a_month(alice, pager):
    for state in (State.SENT, State.REFUSED):
        poke(alice)
        Delivery.objects.filter(state=State.WAITING).update(state=state)
    now = timezone.now()

    Delivery.objects.update(created=now - timedelta(days=2))
    sending.forget_old()
    assert [one.state for one in Delivery.objects.all()] == [State.REFUSED]

    Delivery.objects.update(created=now - timedelta(days=31))
    sending.forget_old()
    assert not Delivery.objects.exists()
