"""A person's inbox, announcements to everybody, and the outbox from which both are told; what
people wish, and why they were told or not."""

from notifications.models.announcement import Announcement, Announcements
from notifications.models.happening import Happening
from notifications.models.inbox import Inbox, Mark, Notification, Place
from notifications.preferences.models import Keyword, Preferences, Regard
from notifications.publishing.models import Published
from notifications.traces.models import Trace

__all__ = [
    "Announcement",
    "Announcements",
    "Happening",
    "Inbox",
    "Keyword",
    "Mark",
    "Notification",
    "Place",
    "Preferences",
    "Published",
    "Regard",
    "Trace",
]
