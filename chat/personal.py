"""A person's own stream, `me`: the rooms they are in and how far they have read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from chat.models import Membership, Personal
from chat.protocol import Head, MembershipRow
from chat.rows import head, membership_row
from realtime_project.live.changes import Change
from realtime_project.live.cursor import MAX_REPLAY_ROWS, Want, is_near
from realtime_project.live.models import Installation
from realtime_project.live.topics import Access, State


@dataclass(frozen=True)
class ListedRoom:
    id: int
    name: str
    is_private: bool
    unread: int


class Rail(TypedDict):
    epoch: str
    favourites: list[ListedRoom]
    others: list[ListedRoom]


def access(person: int) -> Access:
    """Return a person's access to their own stream, with the heads of their rooms."""
    personal = Personal.objects.get(pk=person)
    rooms = [membership.room for membership in _memberships(person)]
    return Access(
        rev=personal.rev,
        floor=personal.floor,
        heads={room.key: (room.rev, head(room)) for room in rooms},
    )


def changes(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what happened in personal streams after the revs given."""
    return {want: _change(want) for want in wants}


def revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far personal streams have come."""
    streams = Personal.objects.filter(pk__in=[int(key.partition(":")[2]) for key in keys])
    return {stream.key: (stream.rev, None) for stream in streams}


def state(person: int) -> State:
    """Return a person's memberships, and the heads of the rooms."""
    personal = Personal.objects.get(pk=person)
    memberships = list(_memberships(person))
    heads = [Head.of(membership.room) for membership in memberships]
    rows = [MembershipRow.of(membership) for membership in memberships]
    return State(rev=personal.rev, rows=list(rows), extra={"heads": heads})


def rail(person: int) -> Rail:
    """Return a person's rooms as the rail of a page without a socket lists them."""
    open_rooms = _memberships(person).filter(room__archived=None)
    placed = open_rooms.order_by(F("position").asc(nulls_last=True), Lower("room__name"))
    rooms: Rail = {"epoch": Installation.current().epoch, "favourites": [], "others": []}
    for one in placed:
        listed = ListedRoom(
            id=one.room_id,
            name=one.room.name,
            is_private=one.room.is_private,
            unread=max(0, one.room.number - one.read_number),
        )
        (rooms["favourites"] if one.is_favourite else rooms["others"]).append(listed)
    return rooms


def _memberships(person: int) -> QuerySet[Membership]:
    return (
        Membership.objects.active()
        .filter(person_id=person)
        .select_related("room")
        .order_by("room__name")
    )


def _change(want: Want) -> Change:
    personal = Personal.objects.get(pk=int(want.key.partition(":")[2]))
    changed = Membership.objects.filter(
        person_id=personal.pk, personal_rev__gt=want.after, personal_rev__lte=personal.rev
    )
    rows = [membership_row(one) for one in changed.select_related("room").order_by("personal_rev")]
    return Change(
        key=want.key,
        after=want.after,
        rev=max(personal.rev, want.after),
        # With a reset too: what is followed changes by these rows.
        rows=tuple(rows),
        reset=not is_near(want.after, personal) or len(rows) > MAX_REPLAY_ROWS,
    )
