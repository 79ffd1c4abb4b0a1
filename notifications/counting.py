"""Counts: what an inbox's badges show, by one statement of the database.

They are absolute, and of one moment: the counters of both streams are read by the same statement.
No clock is asked; what time does to an entry is written by a job.
"""

from collections.abc import Collection

from django.db import connection

from notifications.models import Announcement, Announcements, Inbox, Mark, Notification
from notifications.protocol import InboxRow
from realtime_project.live.statements import placeholders

_INBOX = Inbox._meta.db_table
_NOTIFICATION = Notification._meta.db_table
_ANNOUNCEMENTS = Announcements._meta.db_table
_ANNOUNCEMENT = Announcement._meta.db_table
_MARK = Mark._meta.db_table

# Read by everybody who has no mark on it by the watermark, by the others as a notification is.
_UNREAD_ANNOUNCEMENTS = f"""
    SELECT COUNT(*) FROM {_ANNOUNCEMENT} a
    LEFT JOIN {_MARK} m ON m.announcement_id = a.id AND m.inbox_id = i.person_id
    WHERE NOT a.is_gone AND CASE
        WHEN m.id IS NULL THEN a.seq > i.announcements_read_until
        ELSE NOT m.is_gone AND m.unread_rev > i.read_until
    END
"""  # noqa: S608 (names come from the models)
# The unread are read off an index once, for both counts.
_STANDING = f"""
    SELECT i.floor, i.person_id, i.rev,
        COUNT(CASE WHEN n.seq > i.seen_until THEN 1 END)
            + ({_UNREAD_ANNOUNCEMENTS} AND a.seq > i.announcements_seen_until),
        COUNT(n.seq) + ({_UNREAD_ANNOUNCEMENTS}),
        COALESCE((SELECT rev FROM {_ANNOUNCEMENTS}), 0),
        i.read_until, i.seen_until, i.announcements_read_until, i.announcements_seen_until
    FROM {_INBOX} i
    LEFT JOIN {_NOTIFICATION} n
        ON n.inbox_id = i.person_id AND n.place = 'inbox' AND n.unread_rev > i.read_until
    WHERE i.person_id IN (%s) GROUP BY i.person_id
"""  # noqa: S608


def standing(people: Collection[int]) -> dict[int, InboxRow]:
    """Return the inboxes of people as they are now, with their counts."""
    return {inbox.id: inbox for _floor, inbox in _read(people)}


def stream_and_standing(person: int) -> tuple[Inbox, InboxRow]:
    """Return somebody's inbox as a stream, and as it is now, both of one moment. Raises
    Inbox.DoesNotExist."""
    for floor, inbox in _read([person]):
        return Inbox(pk=person, rev=inbox.rev, floor=floor), inbox
    raise Inbox.DoesNotExist


def _read(people: Collection[int]) -> list[tuple[int, InboxRow]]:
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_STANDING % placeholders(len(people)), list(people))
        return [(floor, InboxRow(*row)) for floor, *row in cursor.fetchall()]
