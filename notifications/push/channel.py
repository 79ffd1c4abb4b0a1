"""Push, as what leaves for the outside knows it."""

from collections.abc import Collection

from notifications.deliveries.channels import PUSH, Channel
from notifications.push.models import Subscription
from notifications.push.sending import send, withdraw
from realtime_project.live.statements import Question


def _with_browsers(people: Collection[int]) -> set[int]:
    # Most have none: of a fan-out few are left of whom the rest is asked.
    some = {person for (person,) in _WITH_ANY.ask(people)}
    if not some:
        return some
    return set(Subscription.objects.in_use(some).values_list("person", flat=True))


_WITH_ANY = Question(
    lambda people: Subscription.objects.filter(person__in=people).order_by().values_list("person")
)

CHANNEL = Channel(
    name=PUSH,
    available=lambda: True,
    send=send,
    reaches=_with_browsers,
    withdrawn=withdraw,
)
