"""Having looked at what was sent, after its person has read something."""

from collections.abc import Collection

from django.db.models import Q
from django.utils import timezone

from notifications.deliveries.channels import available
from notifications.deliveries.models import Delivery, State
from realtime_project.live.statements import Question


def recall(people: Collection[int]) -> None:
    """Have the channels take back what these people were sent and have read since, or what is not
    so any more. Called in the transaction in which that has changed; what it is about is looked
    up by the jobs process, which takes it back."""
    if people:
        _recall(Q(person__in=people))


def recall_read(person: int, room: int | None = None) -> None:
    """Have the channels take back what somebody was sent about a room, or about any, and has read
    there. Called in the transaction in which they have; it is asked with everything that anybody
    reads, so that who was sent nothing costs a look into an index."""
    if _SENT.ask([person], [State.SENT.value]):
        about = Q(notification__room=room) if room else Q(notification__room__isnull=False)
        _recall(Q(person=person) & about)


def recall_announcements(announcements: Collection[int]) -> None:
    """Have the channels take back announcements that were withdrawn."""
    _recall(Q(announcement__in=announcements))


def _recall(whose: Q) -> None:
    names = [one.name for one in available() if one.withdrawn]
    if names:
        sent = Delivery.objects.filter(whose, channel__in=names, state=State.SENT)
        sent.update(state=State.RECALLED, due=timezone.now())


_SENT = Question(
    lambda people, states: (
        Delivery.objects.filter(person__in=people)
        .filter(state__in=states)
        .order_by()
        .values_list("pk")[:1]
    )
)
