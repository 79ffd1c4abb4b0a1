"""What is counted of telling and sending, by the process that does it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Room
from notifications import measures
from notifications.deliveries.channels import Again, Refused
from notifications.deliveries.models import Delivery
from notifications.deliveries.sending import look_at_waiting
from notifications.models import Happening, Notification
from notifications.services import mark_read
from realtime_project.accounts.models import User
from tests.notifications.pager import Pager, let_time_pass, mention, poke, send_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counted() -> Callable[[str], int]:
    """How often something has become of a push since the test began."""
    before = dict(measures.outbound.by)

    def count(outcome: str) -> int:
        return measures.outbound.by["push", outcome] - before.get(("push", outcome), 0)

    return count


def test_what_is_told_from_the_outbox_is_counted_and_timed(
    alice: User, bob: User, releases: Room, pager: Pager
):
    told, batches = measures.told.n, measures.telling_seconds.histogram.count

    mention(alice, bob, releases)

    assert measures.told.n == told + 1
    assert measures.telling_seconds.histogram.count > batches


def test_each_delivery_is_counted_by_what_became_of_it(
    alice: User, bob: User, pager: Pager, counted: Callable[[str], int]
):
    pager.answers = [[Again("busy")], [Refused("never")]]
    for _ in range(3):
        poke(alice, actor=bob.pk)
        send_all()
    read = Notification.objects.latest("pk")
    mark_read(person=alice.pk, notifications=[read.pk])
    send_all()
    poke(alice, actor=bob.pk)
    mark_read(person=alice.pk, notifications=[Notification.objects.latest("pk").pk])
    let_time_pass()
    send_all()

    found = {one: counted(one) for one in ("retried", "given_up", "withdrawn", "dropped")}
    assert found == {"retried": 1, "given_up": 1, "withdrawn": 1, "dropped": 1}
    assert counted("sent") == 2


def test_what_waits_is_what_is_due_and_not_done(alice: User, bob: User, pager: Pager):
    poke(alice, actor=bob.pk)
    poke(alice, actor=bob.pk)
    Happening.objects.create(name="tests.never")
    Happening.objects.create(name="tests.later", due=timezone.now() + timedelta(hours=1))
    look_at_waiting()
    assert (measures.outbox_waiting(), measures.outbound_waiting()) == (1, {"push": 2})

    Delivery.objects.all().delete()
    look_at_waiting()
    assert measures.outbound_waiting() == {"push": 0}
