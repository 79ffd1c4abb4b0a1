"""A person's inbox, announcements to everybody, and the outbox from which both are told; what
people wish, and why they were told or not."""

from notifications.models.announcement import Announcement, Announcements
from notifications.models.happening import Happening
from notifications.models.inbox import Inbox, Mark, Notification, Place  # isort: split

from notifications.deliveries.models import Delivery
from notifications.preferences.models import Keyword, Preferences, Regard
from notifications.publishing.models import Published
from notifications.push.models import Subscription
from notifications.traces.models import Trace

__all__ = [
    "Announcement",
    "Announcements",
    "Delivery",
    "Happening",
    "Inbox",
    "Keyword",
    "Mark",
    "Notification",
    "Place",
    "Preferences",
    "Published",
    "Regard",
    "Subscription",
    "Trace",
]
