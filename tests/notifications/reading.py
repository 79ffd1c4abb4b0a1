"""An inbox as somebody would count it by hand, beside what SQL says."""

from typing import Any

from notifications import queries
from notifications.models import Announcement, Announcements, Inbox, Mark, Notification
from notifications.notices import Notice
from notifications.protocol import Counts, NotificationRow
from realtime_project.accounts.models import User


def poke(person: User, **facts: Any) -> Notice:
    return Notice(person.pk, "tests.poke", **facts)


def rows(person: User) -> list[NotificationRow]:
    """What lies in somebody's inbox, the newest first."""
    page = queries.inbox_page(person.pk)
    return page.rows


def texts(person: User) -> list[str]:
    return [row.text["en"] for row in rows(person)]


def badge(person: User) -> tuple[int, int]:
    """Unseen and unread."""
    counts = queries.counts([person.pk])[person.pk]
    assert counts == counted_by_hand(person.pk)
    return counts.unseen, counts.unread


def counted_by_hand(person: int) -> Counts:
    inbox = Inbox.objects.get(pk=person)
    stream = Announcements.objects.first()
    unread = [
        (one.seq, inbox.seen_until)
        for one in Notification.objects.filter(inbox=inbox)
        if one.place == "inbox" and one.unread_rev > inbox.read_until
    ]
    unread += [
        (one.seq, inbox.announcements_seen_until)
        for one in Announcement.objects.filter(is_gone=False)
        if is_unread(one, inbox, Mark.objects.filter(inbox=inbox, announcement=one).first())
    ]
    unseen = sum(seq > seen_until for seq, seen_until in unread)
    return Counts(unseen, len(unread), inbox.rev, stream.rev if stream else 0)


def is_unread(announcement: Announcement, inbox: Inbox, mark: Mark | None) -> bool:
    if mark is None:
        return announcement.seq > inbox.announcements_read_until
    return not mark.is_gone and mark.unread_rev > inbox.read_until
