"""What is sent to the outside is marked by what has become of it."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

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
from notifications.deliveries.models import Delivery, State
from notifications.retrying import PAUSES
from realtime_project.accounts.models import User
from tests.notifications.pager import (
    Pager,
    let_time_pass,
    poke,
    send_all,
)


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
