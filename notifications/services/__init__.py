"""Everything that changes an inbox. Consumers, jobs, admin and other apps call these verbs.

Other apps say that something `happened`; whom it concerns is worked out later, elsewhere.
"""

from notifications.deliveries.recalling import recall_read
from notifications.services.announcing import announce, withdraw
from notifications.services.fan_out import tell_the_rest, tell_what_happened
from notifications.services.inboxes import open_inboxes
from notifications.services.outbox import (
    all_happened,
    forget_group,
    forget_group_of,
    forget_message,
    forget_room,
    happened,
    retry,
)
from notifications.services.reading import (
    archive,
    delete,
    mark_all_read,
    mark_read,
    mark_seen,
    mark_unread,
    restore,
    snooze,
)
from notifications.services.sweeping import expire, forget, wake
from notifications.services.telling import notify, retract

__all__ = [
    "all_happened",
    "announce",
    "archive",
    "delete",
    "expire",
    "forget",
    "forget_group",
    "forget_group_of",
    "forget_message",
    "forget_room",
    "happened",
    "mark_all_read",
    "mark_read",
    "mark_seen",
    "mark_unread",
    "notify",
    "open_inboxes",
    "recall_read",
    "restore",
    "retract",
    "retry",
    "snooze",
    "tell_the_rest",
    "tell_what_happened",
    "wake",
    "withdraw",
]
