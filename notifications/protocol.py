"""Notifications on the wire: what a page may send, and the rows that it gets."""

from datetime import datetime
from typing import Annotated, Any, Self

import msgspec

from notifications.models import Announcement, Mark
from notifications.snoozing import Later
from realtime_project.accounts.protocol import Person
from realtime_project.live.protocol import Args, Cursor, Id

MAX_ITEMS = 100
Ids = Annotated[list[Id], msgspec.Meta(max_length=MAX_ITEMS)]


class Items(Args, frozen=True):
    """Some of what lies in an inbox."""

    notifications: Ids = []
    announcements: Ids = []


class Snooze(Args, frozen=True):
    """One of the three says until when."""

    notifications: Ids
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    later: Later | None = None
    wall: Annotated[datetime, msgspec.Meta(tz=False)] | None = None
    """As the person's wall shows it."""


class Until(Args, frozen=True):
    """All that a page knows of: up to its cursors of both streams."""

    until: Cursor
    announcements_until: Cursor = 0


class Nothing(Args, frozen=True):
    """A command without arguments."""


class Changed(msgspec.Struct, frozen=True):
    rev: int


class Button(msgspec.Struct, frozen=True):
    """An action: its label in every language, and where to POST; a reply is a command."""

    name: str
    label: dict[str, str]
    url: str


class Counts(msgspec.Struct, frozen=True):
    """What the badges show: never a difference, and of which moment of both streams it is."""

    unseen: int
    unread: int
    inbox_rev: int
    announcements_rev: int


class InboxRow(msgspec.Struct, frozen=True, tag_field="kind", tag="inbox"):
    """The inbox itself: it comes with every change."""

    id: int
    rev: int
    unseen: int
    unread: int
    announcements_rev: int
    read_until: int
    seen_until: int
    announcements_read_until: int
    announcements_seen_until: int

    @property
    def counts(self) -> Counts:
        return Counts(self.unseen, self.unread, self.rev, self.announcements_rev)


class NotificationRow(msgspec.Struct, frozen=True, tag_field="kind", tag="notification"):
    """One notification. It is unread when `unread_rev` lies above the inbox's `read_until`."""

    id: int
    rev: int
    seq: int
    unread_rev: int
    place: str
    type: str
    """The kind that an app has registered; `kind` is that of the row."""
    text: dict[str, str]
    """What happened, in every language of the installation."""
    detail: str
    """What there is to read beside it."""
    actors: list[Person]
    """The last three whose doing it was, the last one first."""
    count: int
    room: int | None
    where: str
    """What the room was called when it was told."""
    message: int | None
    url: str
    priority: int
    actions: list[Button]
    created: datetime
    happened: datetime
    snoozed_until: datetime | None
    quiet: bool
    """Whether it came muted, or in quiet hours: it is not shown in passing."""


class MarkRow(msgspec.Struct, frozen=True, tag_field="kind", tag="mark"):
    """What this person did with one announcement; `id` is the announcement's."""

    id: int
    rev: int
    unread_rev: int
    gone: bool

    @classmethod
    def of(cls, mark: Mark) -> Self:
        return cls(mark.announcement_id, mark.rev, mark.unread_rev, mark.is_gone)


class AnnouncementRow(msgspec.Struct, frozen=True, tag_field="kind", tag="announcement"):
    """Words to everybody. Without a mark it is unread when `seq` lies above the inbox's
    `announcements_read_until`."""

    id: int
    rev: int
    seq: int
    title: str
    text: str
    url: str
    priority: int
    author: Person | None
    created: datetime
    gone: bool

    @classmethod
    def of(cls, announcement: Announcement) -> Self:
        author = announcement.author
        return cls(
            id=announcement.pk,
            rev=announcement.rev,
            seq=announcement.seq,
            title=announcement.title,
            text=announcement.text,
            url=announcement.url,
            priority=announcement.priority,
            author=Person.of(author) if author and not announcement.is_gone else None,
            created=announcement.created,
            gone=announcement.is_gone,
        )


class Page(msgspec.Struct, frozen=True):
    """Notifications from the newest on, and whether there are older ones. `rev` is the inbox's,
    read before them: none is shown as it was before that rev."""

    rev: int
    rows: list[Any]
    older: bool
