"""Rows for the hub: the wire rows of `protocol`, with the facts that decide who may see them."""

from chat.models import Membership, Message, Room
from chat.protocol import Head, MemberRow, MembershipRow, MessageRow, RoomRow
from realtime_project.live import changes
from realtime_project.live.changes import Row


def message_row(message: Message) -> Row:
    return changes.row(MessageRow.of(message), seq=message.seq)


def room_row(room: Room) -> Row:
    return changes.row(RoomRow.of(room))


def member_row(membership: Membership, *, is_removed: bool = False) -> Row:
    """A membership in the room's stream: one that has ended ends that person's subscriptions, who
    left by themselves or were removed."""
    if not membership.is_active:
        ends_as = "removed" if is_removed else "left"
        return changes.row(MemberRow.of(membership), ends=membership.person_id, ends_as=ends_as)
    begins = (membership.person_id, membership.since_seq)
    return changes.row(MemberRow.of(membership), begins=begins)


def membership_row(membership: Membership) -> Row:
    """A membership in the person's stream: the rail follows the rooms one is in."""
    side = "follow" if membership.is_active else "unfollow"
    return changes.row(MembershipRow.of(membership), **{side: membership.room.key})


def head(room: Room) -> bytes:
    return changes.encode(Head.of(room))
