"""What people arrange for themselves: favourites, the order of their rooms, what counts as read,
and of which rooms they are told."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from chat.models import Membership, Notify, Personal
from chat.rows import membership_row
from notifications.muting import Span, end_of
from notifications.services import recall_read
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


def set_favourite(*, person: int, room: int, favourite: bool) -> Membership:
    """Put a room among the person's favourites, or back among the others."""
    with transaction.atomic():
        own = _advance(person)
        membership = Membership.objects.of(person, room)
        membership.is_favourite = favourite
        _tell(own, [membership], "is_favourite")
    return membership


def set_notify(*, person: int, room: int, notify: Notify) -> Membership:
    """Say how much of a room the person wants to be told."""
    with transaction.atomic():
        own = _advance(person)
        membership = Membership.objects.of(person, room)
        membership.notify = notify
        _tell(own, [membership], "notify")
    return membership


def mute_room(*, person: int, room: int, span: Span | None) -> Membership:
    """Send the person nothing of a room for a while, or again. Their inbox goes on."""
    with transaction.atomic():
        own = _advance(person)
        membership = Membership.objects.of(person, room)
        zone = ZoneInfo(membership.person.zone)
        membership.muted_until = end_of(span, zone, timezone.now()) if span else None
        _tell(own, [membership], "muted_until")
    return membership


def order_rooms(*, person: int, rooms: Sequence[int]) -> list[Membership]:
    """Let the person's rooms stand in this order; those not named stand behind them, by name."""
    places = {room: place for place, room in enumerate(rooms, start=1)}
    with transaction.atomic():
        own = _advance(person)
        mine = Membership.objects.active().filter(person_id=person).select_related("room")
        moved = [one for one in mine if one.position != places.get(one.room_id)]
        for membership in moved:
            membership.position = places.get(membership.room_id)
        _tell(own, moved, "position")
    return moved


def mark_all_read(*, person: int) -> list[Membership]:
    """Count everything that was said until now as read, on all of the person's pages."""
    with transaction.atomic():
        own = _advance(person)
        mine = Membership.objects.active().filter(person_id=person).select_related("room")
        unread = list(mine.filter(room__number__gt=F("read_number")))
        for membership in unread:
            # Rev and number were read together: what is said from now on is beyond both.
            membership.read_seq = membership.room.rev
            membership.read_number = membership.room.number
        recall_read(person)
        _tell(own, unread, "read_seq", "read_number")
    return unread


def _advance(person: int) -> Step:
    own = Step(Personal(pk=person))
    advance(own)
    return own


def _tell(own: Step, memberships: list[Membership], *fields: str) -> None:
    for membership in memberships:
        membership.personal_rev = own.stream.rev
    Membership.objects.bulk_update(memberships, [*fields, "personal_rev"])
    publish(own, [membership_row(one) for one in memberships])
