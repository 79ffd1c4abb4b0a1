"""Push, as what leaves for the outside knows it."""

from collections.abc import Collection

from notifications.deliveries.channels import PUSH, Channel
from notifications.push.models import Subscription
from notifications.push.sending import send, withdraw


def _with_browsers(people: Collection[int]) -> set[int]:
    return set(Subscription.objects.in_use(people).values_list("person", flat=True))


CHANNEL = Channel(
    name=PUSH,
    available=lambda: True,
    send=send,
    reaches=_with_browsers,
    withdrawn=withdraw,
)
