"""Chat on the wire: what a page may send, and the rows that it gets."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

import msgspec

from chat.models import MAX_TEXT_CHARACTERS, Membership, Message, Notify, Role, Room
from notifications.muting import Span
from realtime_project.accounts.protocol import Person as Person
from realtime_project.live.protocol import Args, Cursor, Id, Text

MAX_ADDED = 50
MAX_ORDERED = 2000
MessageText = Annotated[Text, msgspec.Meta(min_length=1, max_length=MAX_TEXT_CHARACTERS)]


class PostMessage(Args, frozen=True):
    client_id: UUID
    text: MessageText
    confirmed: bool = False
    """That it may notify however many people it mentions."""


class MessageDraft(Args, frozen=True):
    text: MessageText


class EditMessage(Args, frozen=True):
    message: Id
    text: MessageText


class OneMessage(Args, frozen=True):
    message: Id


class UpdateRoom(Args, frozen=True):
    """What is not named stays as it is."""

    name: Annotated[Text, msgspec.Meta(max_length=60)] | None = None
    topic: Annotated[Text, msgspec.Meta(max_length=200)] | None = None
    is_history_open: bool | None = None

    def fields(self) -> dict[str, Any]:
        return {name: value for name, value in super().fields().items() if value is not None}


class ArchiveRoom(Args, frozen=True):
    archived: bool


class AddMembers(Args, frozen=True):
    people: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MAX_ADDED)]
    message: Id | None = None
    """The message that mentions them, of which they are to be told now."""


class InvitePeople(Args, frozen=True):
    people: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=MAX_ADDED)]


class OneMember(Args, frozen=True):
    member: Id


class SetRole(Args, frozen=True):
    member: Id
    role: Role


class FindPeople(Args, frozen=True):
    text: Annotated[Text, msgspec.Meta(max_length=80)]


class Favourite(Args, frozen=True):
    room: Id
    favourite: bool


class NotifyOfRoom(Args, frozen=True):
    room: Id
    notify: Notify


class MuteRoom(Args, frozen=True):
    room: Id
    span: Span | None
    """For how long, or that it is over."""


class OrderRooms(Args, frozen=True):
    rooms: Annotated[list[Id], msgspec.Meta(max_length=MAX_ORDERED)]


class OnePerson(Args, frozen=True):
    person: Id


class ReadUntil(Args, frozen=True):
    seq: Cursor


class Nothing(Args, frozen=True):
    """A command without arguments."""


class Posted(msgspec.Struct, frozen=True):
    id: int
    seq: int
    rev: int


class Audience(msgspec.Struct, frozen=True):
    """How many a message would notify at once, and whether its author is to be asked first."""

    people: int
    ask: bool


class Changed(msgspec.Struct, frozen=True):
    rev: int


class Source(msgspec.Struct, frozen=True):
    text: str


class Reason(msgspec.Struct, frozen=True):
    """Why somebody was told by a kind of notification, or was not: in words, step by step."""

    kind: str
    decided: datetime | None
    """None where nothing was decided then: this is by the settings of now."""
    lines: list[str]


class Reasons(msgspec.Struct, frozen=True):
    reasons: list[Reason]


class Read(msgspec.Struct, frozen=True):
    read_seq: int


class People(msgspec.Struct, frozen=True):
    people: list[Person]


class Card(msgspec.Struct, frozen=True):
    """What people who share a room see of each other."""

    person: Person
    zone: str
    joined: datetime
    rooms: list[int]
    """Those that both are in."""


class RoomRow(msgspec.Struct, frozen=True, tag_field="kind", tag="room"):
    id: int
    rev: int
    name: str
    topic: str
    private: bool
    archived: bool
    history_open: bool

    @classmethod
    def of(cls, room: Room) -> Self:
        return cls(
            id=room.pk,
            rev=room.changed_rev,
            name=room.name,
            topic=room.topic,
            private=room.is_private,
            archived=room.is_archived,
            history_open=room.is_history_open,
        )


class MemberRow(msgspec.Struct, frozen=True, tag_field="kind", tag="member"):
    """A membership as the room's stream tells it."""

    id: int
    rev: int
    person: Person
    role: str
    active: bool

    @classmethod
    def of(cls, membership: Membership) -> Self:
        return cls(
            id=membership.pk,
            rev=membership.rev,
            person=Person.of(membership.person),
            role=membership.role,
            active=membership.is_active,
        )


class MembershipRow(msgspec.Struct, frozen=True, tag_field="kind", tag="membership"):
    """A membership as the person's own stream tells it."""

    id: int
    rev: int
    room: int
    name: str
    private: bool
    role: str
    active: bool
    read_seq: int
    read_number: int
    favourite: bool
    position: int | None
    notify: str
    muted_until: datetime | None

    @classmethod
    def of(cls, membership: Membership) -> Self:
        room = membership.room
        return cls(
            id=membership.pk,
            rev=membership.personal_rev,
            room=room.pk,
            name=room.name,
            private=room.is_private,
            role=membership.role,
            active=membership.is_active,
            read_seq=membership.read_seq,
            read_number=membership.read_number,
            favourite=membership.is_favourite,
            position=membership.position,
            notify=membership.notify,
            muted_until=membership.muted_until,
        )


class MessageRow(msgspec.Struct, frozen=True, tag_field="kind", tag="message"):
    id: int
    rev: int
    seq: int
    number: int
    client_id: UUID
    author: Person
    via: str
    html: str
    created: datetime
    edited: datetime | None
    deleted: bool

    @classmethod
    def of(cls, message: Message) -> Self:
        return cls(
            id=message.pk,
            rev=message.rev,
            seq=message.seq,
            number=message.number,
            client_id=message.client_id,
            author=Person.of(message.author),
            via=message.via,
            html=message.html,
            created=message.created,
            edited=message.edited,
            deleted=message.deleted is not None,
        )


class Head(msgspec.Struct, frozen=True):
    """A room in a few bytes: enough for the rail of everybody who is in it."""

    room: int
    rev: int
    number: int
    name: str
    private: bool
    archived: bool

    @classmethod
    def of(cls, room: Room) -> Self:
        return cls(
            room=room.pk,
            rev=room.rev,
            number=room.number,
            name=room.name,
            private=room.is_private,
            archived=room.is_archived,
        )


class Typing(msgspec.Struct, frozen=True):
    person: int
    name: str
