"""Everything that is read of inboxes and announcements: state, what a cursor missed, pages."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import msgspec
from django.db.models import F, Q, QuerySet
from msgspec.structs import replace

from notifications.counting import standing, stream_and_standing
from notifications.models import Announcement, Announcements, Inbox, Mark, Notification, Place
from notifications.protocol import AnnouncementRow, Counts, InboxRow, MarkRow, Page
from notifications.rows import announcement_row, inbox_row, mark_row, notification_rows, shown
from realtime_project.live.changes import Change, Row
from realtime_project.live.cursor import MAX_REPLAY_ROWS, Want, is_near
from realtime_project.live.topics import Access, State

PAGE = 50


@dataclass(frozen=True)
class Filter:
    """Which notifications of an inbox: those in a place, and there those of a kind, of a room, or
    unread."""

    place: Place = Place.INBOX
    kind: str = ""
    room: int | None = None
    is_unread: bool = False

    def of(self, notifications: QuerySet[Notification]) -> QuerySet[Notification]:
        about = {"place": self.place, "kind": self.kind, "room": self.room}
        found = notifications.filter(**{name: value for name, value in about.items() if value})
        if self.is_unread:
            found = found.filter(unread_rev__gt=F("inbox__read_until"))
        return found


INBOX = Filter()


def counts(people: Collection[int]) -> dict[int, Counts]:
    """Return what the badges of people show."""
    return {person: inbox.counts for person, inbox in standing(people).items()}


def inbox_access(person: int) -> Access:
    """Return a person's access to their inbox, with the counts. Raises Inbox.DoesNotExist."""
    stream, found = stream_and_standing(person)
    return Access(rev=stream.rev, floor=stream.floor, told={"counts": found.counts})


def inbox_changes(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what happened in inboxes after the revs given."""
    return {want: _inbox_change(want) for want in wants}


def inbox_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far inboxes have come."""
    found = Inbox.objects.filter(pk__in=[_number(key) for key in keys])
    return {one.key: (one.rev, None) for one in found}


def inbox_state(person: int) -> State:
    """Return an inbox as a page shows it at first: itself, its newest notifications, and what
    was done with announcements."""
    page = inbox_page(person)
    inbox = standing([person])[person]
    marks = Mark.objects.filter(inbox=person, announcement__is_gone=False)
    rows: list[msgspec.Struct] = [inbox, *map(MarkRow.of, marks), *page.rows]
    return State(rev=page.rev, rows=rows, extra={"older": page.older, "counts": inbox.counts})


def inbox_page(
    person: int, wanted: Filter = INBOX, *, before: tuple[int, int] | None = None
) -> Page:
    """Return some of an inbox: the newest, or those before one, which is given by its seq and its
    number. What came with one rev has one seq."""
    inbox = Inbox.objects.get(pk=person)
    found = wanted.of(Notification.objects.filter(inbox=inbox))
    if before is not None:
        seq, number = before
        found = found.filter(Q(seq__lt=seq) | Q(seq=seq, pk__lt=number))
    some = list(found.order_by("-seq", "-pk")[: PAGE + 1])
    return Page(inbox.rev, shown(some[:PAGE]), older=len(some) > PAGE)


def announcements_access() -> Access:
    """Return the access that everybody has to announcements."""
    stream = Announcements.current()
    return Access(rev=stream.rev, floor=stream.floor)


def announcements_changes(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what was announced after the revs given, and what was withdrawn."""
    return {want: _announcements_change(want) for want in wants}


def announcements_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far announcements have come."""
    return {one.key: (one.rev, None) for one in Announcements.objects.all()}


def announcements_state() -> State:
    """Return the announcements that are not over."""
    stream = Announcements.current()
    there = stream.announcements.filter(is_gone=False).select_related("author")
    return State(rev=stream.rev, rows=[AnnouncementRow.of(one) for one in there])


def _inbox_change(want: Want) -> Change:
    stream, now = stream_and_standing(_number(want.key))
    change = Change(key=want.key, after=want.after, rev=max(now.rev, want.after))
    if not is_near(want.after, stream):
        return replace(change, reset=True)
    rows = _changed_rows(want, now)
    if len(rows) > MAX_REPLAY_ROWS:
        return replace(change, reset=True)
    return replace(change, rows=tuple(rows))


def _changed_rows(want: Want, now: InboxRow) -> list[Row]:
    missed = Q(inbox=now.id, rev__gt=want.after, rev__lte=now.rev)
    notifications = Notification.objects.filter(missed).order_by("rev", "pk")[: MAX_REPLAY_ROWS + 1]
    marks = Mark.objects.filter(missed)[:MAX_REPLAY_ROWS]
    rows = [*notification_rows(list(notifications)), *map(mark_row, marks)]
    rows += [inbox_row(now)] if now.rev > want.after else []
    return sorted(rows, key=lambda row: row.rev)


def _announcements_change(want: Want) -> Change:
    stream = Announcements.objects.get(pk=_number(want.key))
    change = Change(key=want.key, after=want.after, rev=max(stream.rev, want.after))
    if not is_near(want.after, stream):
        return replace(change, reset=True)
    missed = Announcement.objects.filter(rev__gt=want.after, rev__lte=stream.rev)
    rows = map(announcement_row, missed.select_related("author").order_by("rev"))
    return replace(change, rows=tuple(rows))


def _number(key: str) -> int:
    return int(key.partition(":")[2])
