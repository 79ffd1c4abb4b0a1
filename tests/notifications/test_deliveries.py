"""What leaves for the outside is written with the notification."""

from django.db import transaction

from notifications import services
from notifications.decision import Channels
from notifications.deliveries.models import Delivery, State
from notifications.models import Inbox, Notification
from notifications.preferences.services import Chosen, save_preferences
from notifications.quiet_hours import NEVER
from tests.notifications.pager import poke, send_all


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
