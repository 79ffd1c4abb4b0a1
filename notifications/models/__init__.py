"""A person's inbox, announcements to everybody, and the outbox from which both are told."""

from notifications.models.announcement import Announcement, Announcements
from notifications.models.happening import Happening
from notifications.models.inbox import Inbox, Mark, Notification, Place

__all__ = [
    "Announcement",
    "Announcements",
    "Happening",
    "Inbox",
    "Mark",
    "Notification",
    "Place",
]
