"""Everything that is read of rooms: their state, what a cursor has missed, pages of history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower
from msgspec.structs import replace

from chat.models import Membership, Message, Room
from chat.protocol import Card, MemberRow, MessageRow, People, Person, RoomRow
from chat.rows import head, member_row, message_row, room_row
from realtime_project.accounts.models import User
from realtime_project.live import revocation
from realtime_project.live.changes import Change, Row
from realtime_project.live.cursor import Want, is_near
from realtime_project.live.topics import Access, State

PAGE = 50
MAX_FOUND = 20
MAX_READ_BYTES = 256 * 1024


class Page(msgspec.Struct, frozen=True):
    """Messages by seq, and whether there are more before and after them. `rev` is the room's,
    read before the messages: none of them is shown as it was before that rev."""

    rev: int
    rows: list[MessageRow]
    older: bool
    newer: bool


@dataclass
class Reading:
    """The changed messages of a room, as far as they were read: up to `reached`."""

    reached: int
    rows: list[Row] = field(default_factory=list)
    is_full: bool = False
    bytes: int = 0

    def take(self, message: Message) -> None:
        """Take the next message, unless there is enough. A rev is not torn apart."""
        if self.bytes > MAX_READ_BYTES and message.rev > self.rows[-1].rev:
            self.is_full, self.reached = True, min(self.reached, self.rows[-1].rev)
        if not self.is_full:
            self.rows.append(message_row(message))
            self.bytes += len(self.rows[-1].data)


Ranges = Mapping[Want, Room]
"""Rooms, each with the rev after which somebody wants to know what happened."""


def room_access(person: int, keys: Iterable[str]) -> dict[str, Access]:
    """Return what a person may see of rooms; those they are not in are missing."""
    memberships = _memberships(person).filter(room_id__in=map(_room_id, keys))
    return {
        one.room.key: Access(rev=one.room.rev, floor=one.room.floor, since=one.since_seq)
        for one in memberships
    }


def room_changes(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what happened in rooms after the revs given, for every viewer alike.

    A change ends early, and says so, where its messages would be more than 256 KiB. Of a room
    that is too far ahead it holds only what changed rights, and asks for a reset.
    """
    rooms = {
        room.key: room for room in Room.objects.filter(pk__in={_room_id(w.key) for w in wants})
    }
    ranges = {want: rooms[want.key] for want in wants if want.key in rooms}
    members = _changed_members(ranges)
    messages = _changed_messages(
        {want: room for want, room in ranges.items() if is_near(want.after, room)}
    )
    return {
        want: _change(want, room, members[want], messages.get(want))
        for want, room in ranges.items()
    }


def room_heads(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far rooms have come, with their heads."""
    rooms = Room.objects.filter(pk__in=[_room_id(key) for key in keys])
    return {room.key: (room.rev, head(room)) for room in rooms}


def room_state(person: int, room_id: int, at: int | None = None) -> State:
    """Return a room as a page shows it at first: its newest messages, or those around `at`."""
    membership = _memberships(person).get(room_id=room_id)
    page = _page(membership, around=at) if at else _page(membership)
    members = membership.room.memberships.active().select_related("person").order_by("pk")
    rows: list[msgspec.Struct] = [RoomRow.of(membership.room)]
    rows += [MemberRow.of(one) for one in members]
    rows += page.rows
    return State(rev=page.rev, rows=rows, extra={"older": page.older, "newer": page.newer})


def history(
    person: int,
    room_id: int,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
) -> Page:
    """Return a page of messages before, after or around a seq; the newest ones without."""
    membership = _memberships(person).get(room_id=room_id)
    return _page(membership, before=before, after=after, around=around)


def newest_messages(room: int, before: int | None = None) -> list[Message]:
    """Return what was said last in a room, or before a seq, for an admin: with nobody's rights."""
    messages = Message.objects.filter(room_id=room).select_related("author").defer("text")
    if before is not None:
        messages = messages.filter(seq__lt=before)
    return list(messages.order_by("-seq")[:PAGE])[::-1]


def message_source(person: int, room_id: int, message_id: int) -> str:
    """Return a message of one's own as it was typed."""
    mine = Message.objects.visible_to(person).filter(author_id=person, deleted=None)
    return mine.get(pk=message_id, room_id=room_id).text


def name_of(person: int) -> str:
    """Return what a person is called."""
    return User.objects.only("display_name", "username").get(pk=person).get_full_name()


def people_to_add(person: int, room: int, text: str) -> People:
    """Return people who are not in a room, by a part of their name: whom a member may add."""
    inside = _memberships(person).get(room_id=room).room.memberships.active()
    found = User.objects.filter(is_active=True).exclude(pk__in=inside.values("person_id"))
    found = found.filter(Q(display_name__icontains=text) | Q(username__icontains=text))
    return People([Person.of(one) for one in found.order_by(Lower("display_name"))[:MAX_FOUND]])


def card(viewer: int, person: int) -> Card:
    """Return what somebody may know of a person with whom they share a room, or of themselves."""
    mine = Membership.objects.active().filter(person_id=viewer)
    shared = Membership.objects.active().filter(person_id=person, room__in=mine.values("room_id"))
    rooms = list(shared.values_list("room_id", flat=True).order_by("room_id"))
    if not rooms and viewer != person:
        raise User.DoesNotExist
    found = User.objects.get(pk=person)
    return Card(person=Person.of(found), zone=found.zone, joined=found.date_joined, rooms=rooms)


def public_rooms(person: int, search: str = "", *, archived: bool = False) -> QuerySet[Room]:
    """Return the rooms that a person may find, and whether they are in them."""
    mine = Membership.objects.active().filter(room=OuterRef("pk"), person_id=person)
    rooms = Room.objects.filter(Q(is_private=False) | Exists(mine), archived__isnull=not archived)
    if search:
        rooms = rooms.filter(Q(name__icontains=search) | Q(topic__icontains=search))
    return rooms.annotate(is_member=Exists(mine)).order_by(Lower("name"))


def member_counts(rooms: Iterable[Room]) -> dict[int, int]:
    """Return how many are in rooms, by the rooms' numbers: of those that are shown, since
    counting for each that could be found would read every membership there is."""
    inside = Membership.objects.active().filter(room__in=[room.pk for room in rooms])
    return dict(inside.values_list("room_id").annotate(Count("pk")))


def last_room(person: int) -> int | None:
    """Return the room in which a person has read last, or any of theirs."""
    newest = _memberships(person).order_by("-personal_rev").values_list("room_id", flat=True)
    return newest.first()


def _memberships(person: int) -> QuerySet[Membership]:
    """The one door to rooms: those that a person is in. The room comes with it in the same
    query, so that its rev and the right to see it are of one moment."""
    return Membership.objects.active().filter(person_id=person).select_related("room")


def _page(
    membership: Membership,
    *,
    before: int | None = None,
    after: int | None = None,
    around: int | None = None,
) -> Page:
    rev = membership.room.rev
    visible = membership.room.messages.filter(seq__gte=membership.since_seq)
    visible = visible.select_related("author").defer("text")
    if around is not None:
        older, has_older = _older(visible.filter(seq__lt=around), PAGE // 2)
        newer, has_newer = _newer(visible.filter(seq__gte=around), PAGE - PAGE // 2)
    elif after is not None:
        older, has_older = [], visible.filter(seq__lte=after).exists()
        newer, has_newer = _newer(visible.filter(seq__gt=after), PAGE)
    else:
        earlier = visible.filter(seq__lt=before) if before is not None else visible
        older, has_older = _older(earlier, PAGE)
        newer, has_newer = [], before is not None and visible.filter(seq__gte=before).exists()
    rows = [MessageRow.of(message) for message in older + newer]
    return Page(rev=rev, rows=rows, older=has_older, newer=has_newer)


def _older(messages: QuerySet[Message], count: int) -> tuple[list[Message], bool]:
    found = list(messages.order_by("-seq")[: count + 1])
    return found[:count][::-1], len(found) > count


def _newer(messages: QuerySet[Message], count: int) -> tuple[list[Message], bool]:
    found = list(messages.order_by("seq")[: count + 1])
    return found[:count], len(found) > count


def _changed_members(ranges: Ranges) -> dict[Want, list[Row]]:
    """Read the changed members of many rooms in one query."""
    changed: dict[Want, list[Row]] = {want: [] for want in ranges}
    members = Membership.objects.filter(_within(ranges)).select_related("person").order_by("rev")
    left = {_room_key(one.room_id) for one in members if not one.is_active}
    removals = revocation.removals(left) if left else set()
    for member in members:
        is_removed = (_room_key(member.room_id), member.rev, member.person_id) in removals
        for want in _missing(ranges, member):
            changed[want].append(member_row(member, is_removed=is_removed))
    return changed


def _changed_messages(ranges: Ranges) -> dict[Want, Reading]:
    """Read the changed messages of many rooms: those of which little is missed in one query, as
    much as it reads of one of them anyway, and each of the others no further than needed."""
    readings = {want: Reading(room.rev) for want, room in ranges.items()}
    little = {want: room for want, room in ranges.items() if room.rev - want.after <= PAGE}
    much = [{want: room} for want, room in ranges.items() if want not in little]
    for group in [little, *much] if little else much:
        _read_messages(group, readings)
    return readings


def _read_messages(ranges: Ranges, readings: dict[Want, Reading]) -> None:
    changed = Message.objects.filter(_within(ranges)).order_by("room_id", "rev")
    for message in changed.select_related("author").defer("text").iterator(chunk_size=PAGE):
        for want in _missing(ranges, message):
            readings[want].take(message)
        if all(readings[want].is_full for want in ranges):
            return


def _within(ranges: Ranges) -> Q:
    # Dropped by Django beside others; `pk=None` would stay, and keep SQLite from its indexes.
    wanted = Q(pk__in=[])
    for want, room in ranges.items():
        wanted |= Q(room_id=room.pk, rev__gt=want.after, rev__lte=room.rev)
    return wanted


def _missing(ranges: Ranges, row: Membership | Message) -> Iterator[Want]:
    """Those who want a row: several may ask for the same room."""
    for want, room in ranges.items():
        if room.pk == row.room_id and row.rev > want.after:
            yield want


def _change(want: Want, room: Room, members: list[Row], messages: Reading | None) -> Change:
    change = Change(key=want.key, after=want.after, rev=max(room.rev, want.after), head=head(room))
    if messages is None:
        return replace(change, rows=tuple(members), reset=True)
    facts = [room_row(room)] if room.changed_rev > want.after else []
    rows = [row for row in (*messages.rows, *members, *facts) if row.rev <= messages.reached]
    rows.sort(key=lambda row: row.rev)
    if messages.is_full:
        return replace(change, rows=tuple(rows), rev=messages.reached, latest=room.rev)
    return replace(change, rows=tuple(rows))


def _room_key(room_id: int) -> str:
    return f"{Room.kind}:{room_id}"


def _room_id(key: str) -> int:
    return int(key.partition(":")[2])
