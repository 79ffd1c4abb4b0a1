"""Moving digests that wait, after their person has chosen another time."""

from datetime import datetime

from notifications.deliveries.channels import available
from notifications.deliveries.models import Delivery, State, Why


def reschedule_digests(person: int, now: datetime) -> None:
    """Let what waits for somebody's next digest leave with it, whenever that is by now."""
    waiting = Delivery.objects.filter(
        person=person, why=Why.DIGEST, state=State.WAITING, attempts=0, claim=""
    )
    for channel in available():
        if channel.next_digest and (due := channel.next_digest([person], now).get(person)):
            waiting.filter(channel=channel.name).update(due=due)
