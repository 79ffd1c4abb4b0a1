"""Having looked at what was sent, after its person has read something."""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from notifications.deliveries.channels import available
from notifications.deliveries.models import Delivery, State


def recall(people: Collection[int]) -> None:
    """Have the channels take back what these people were sent and have read since, or what is not
    so any more. Called in the transaction in which that has changed; what it is about is looked
    up by the jobs process, which takes it back."""
    if people:
        _recall(Q(person__in=people))


def recall_announcements(announcements: Collection[int]) -> None:
    """Have the channels take back announcements that were withdrawn."""
    _recall(Q(announcement__in=announcements))


def _recall(whose: Q) -> None:
    names = [one.name for one in available() if one.withdrawn]
    if names:
        sent = Delivery.objects.filter(whose, channel__in=names, state=State.SENT)
        sent.update(state=State.RECALLED, due=timezone.now())
