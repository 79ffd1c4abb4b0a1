"""Whom it concerns what happens in rooms."""

from collections.abc import Collection, Sequence

from django.db.models import QuerySet
from django.urls import reverse

from chat.kinds import ADDED, MENTION
from chat.mentions import mentioned
from chat.models import Membership, Message
from notifications.notices import Entry, Notice
from notifications.outbox import Page, tells


@tells("chat.added")
def added(page: Page, *, room: int, rev: int, by: int, people: Collection[int]) -> Sequence[Entry]:
    """Those whom somebody has brought into a room, and who are in it still."""
    return [
        Notice(
            person=one.person_id,
            kind=ADDED.name,
            key=f"added:{room}:{rev}",
            actor=by,
            room=room,
            url=reverse("chat:room", args=[room]),
            params={"room": one.room.name},
        )
        for one in _members(page, room).filter(person__in=people)[: page.limit]
    ]


@tells("chat.posted")
def posted(page: Page, *, message: int) -> Sequence[Entry]:
    """Those who are mentioned in a message and may read it."""
    found = Message.objects.filter(pk=message, deleted=None).first()
    if found is None:
        return []
    members = _members(page, found.room_id).filter(since_seq__lte=found.seq)
    return [
        Notice(
            person=one.person_id,
            kind=MENTION.name,
            key=f"message:{found.pk}",
            actor=found.author_id,
            room=found.room_id,
            message=found.pk,
            url=reverse("chat:room-at", args=[found.room_id, found.seq]),
            params={"room": one.room.name},
        )
        for one in members.filter(person__username__in=mentioned(found.text))[: page.limit]
    ]


def _members(page: Page, room: int) -> QuerySet[Membership]:
    members = Membership.objects.active().filter(room=room, person__gt=page.after)
    return members.select_related("room").order_by("person")
