"""What was sent to the outside is taken back when its person has read it elsewhere."""

import pytest
from django.db import transaction

from chat import services as chat
from chat.models import Message
from notifications import services
from notifications.deliveries.models import Delivery, State
from notifications.models import Inbox, Notification
from notifications.notices import Retraction
from tests.notifications.pager import let_time_pass, mention, poke, send_all


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


def test_what_was_sent_is_taken_back_when_its_room_is_read(alice, bob, releases, pager):
    mention(alice, bob, releases)
    second = mention(alice, bob, releases)
    poke(alice, actor=bob.pk)
    let_time_pass()
    send_all()
    first = Notification.objects.filter(inbox=alice.pk).earliest("pk")

    said = Message.objects.get(pk=first.message or 0)
    chat.mark_read(person=alice.pk, room=releases.pk, seq=said.seq)
    send_all()
    assert pager.withdrawn == [("alice", [f"n{first.pk}"])]

    chat.mark_all_read(person=alice.pk)
    send_all()
    assert pager.withdrawn[1:] == [("alice", [f"n{second.pk}"])]
    [left] = Delivery.objects.all()
    assert left.state == State.SENT
    assert left.notification == Notification.objects.get(kind="tests.poke")


def test_who_was_sent_nothing_costs_one_question_when_they_read(
    alice, bob, releases, django_assert_num_queries
):
    with transaction.atomic(), django_assert_num_queries(1):
        services.recall_read(alice.pk, releases.pk)
