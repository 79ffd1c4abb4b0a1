"""Writing down that something happened, for those who are told of it later."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from notifications import outbox
from notifications.models import Happening, Notification
from notifications.notices import store
from realtime_project.live.inserting import insert
from realtime_project.live.queue import call
from realtime_project.live.statements import Question


def happened(name: str, /, **facts: Any) -> None:
    """Write down that something happened, in the transaction in which it did: the jobs process
    tells those whom it concerns.

    Facts are numbers and texts, or lists of them. Raises LookupError for what no app knows whom
    to tell of, and TypeError for facts that it does not take.
    """
    all_happened(name, [facts])


def all_happened(name: str, each: Sequence[Mapping[str, Any]]) -> None:
    """Write down that something happened several times."""
    for facts in each:
        outbox.check(name, facts)
    if not each:
        return
    insert([Happening(name=name, facts=store(facts)) for facts in each])
    call("notifications.tell")


def forget_message(message: int) -> None:
    """Have everything taken back that was told about a message: it was deleted."""
    happened("notifications.retracted", message=message)


def forget_group(group: str, *, key: str = "") -> None:
    """Have a group taken back everywhere, or one event of it: an alert is over."""
    happened("notifications.retracted", group=group, key=key)


def forget_group_of(people: Collection[int], group: str) -> None:
    """Have a group taken back from those of these people who were told of it: it is settled."""
    told = {person for (person,) in _TOLD.ask(people, [group])}
    each = [{"group": group, "person": person} for person in sorted(told)]
    all_happened("notifications.retracted", each)


def forget_room(room: int, *, person: int) -> None:
    """Have everything taken back that was told to somebody about a room: they are out of it."""
    happened("notifications.retracted", room=room, person=person)


def retry(*, happenings: Sequence[int]) -> int:
    """Have happenings told now that failed before; returns how many there were."""
    return Happening.objects.filter(pk__in=happenings).update(
        due=timezone.now(), attempts=0, is_given_up=False
    )


_TOLD = Question(
    lambda people, groups: (
        Notification.objects.filter(inbox__in=people)
        .filter(group__in=groups)
        .order_by()
        .values_list("inbox")
    )
)
