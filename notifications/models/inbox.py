"""One person's notifications, and how far they have seen and read them.

Nothing here is counted by the clock: `unread_rev` and the watermarks are revs of the inbox, and
what time does to an entry (it wakes, it expires) a job writes.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notifications.models.announcement import Announcement
from realtime_project.live.streams import Stream, StreamRow


class Inbox(Stream):
    """The stream of a person's notifications.

    Its own row holds the watermarks: what was marked read all at once is not written one by one.
    """

    kind: ClassVar[str] = "inbox"
    # After rooms and the people's own streams: what happens there is told here.
    lock_order = 2

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    # Whatever became unread with this rev, or before, is read.
    read_until = models.BigIntegerField(default=0, editable=False)
    # Whatever came with this rev, or before, was shown.
    seen_until = models.BigIntegerField(default=0, editable=False)
    # When a page said so last, for those who decide how else to reach this person.
    seen = models.DateTimeField(_("last seen"), null=True, editable=False)
    # The same of announcements, in revs of their stream.
    announcements_read_until = models.BigIntegerField(default=0, editable=False)
    announcements_seen_until = models.BigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")

    def __str__(self) -> str:
        return str(self.person)


class Place(models.TextChoices):
    """Where a notification lies."""

    INBOX = "inbox", _("Inbox")
    SNOOZED = "snoozed", _("Snoozed")
    ARCHIVE = "archive", _("Archive")
    GONE = "gone", _("Deleted")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def there(self) -> "NotificationQuerySet":
        """Those of which more is left than a tombstone."""
        return self.exclude(place=Place.GONE)


class Notification(StreamRow):
    """Something that concerns a person, of a kind that an app has registered.

    It says what happened by facts, never in words: those are made from the kind, in whichever
    language they are read. Several events of one group are one notification.
    """

    # The indexes below begin with it.
    inbox = models.ForeignKey(
        Inbox, on_delete=models.PROTECT, related_name="notifications", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    # What is of one group is one notification while that is not deleted.
    group = models.CharField(max_length=100, blank=True)
    # Without a group the same key is told once; with one the keys stand among the events.
    key = models.CharField(max_length=100, blank=True)
    # The rev of its last event: its place in the list, newest first.
    seq = models.BigIntegerField(editable=False)
    # The rev with which it became unread, 0 when it was read: unread is what lies above the
    # inbox's watermark.
    unread_rev = models.BigIntegerField(editable=False)
    place = models.CharField(_("place"), max_length=7, choices=Place, default=Place.INBOX)
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True)
    # What it is about, by number: of a room and of a message there.
    room = models.BigIntegerField(null=True)
    message = models.BigIntegerField(null=True)
    url = models.CharField(max_length=500, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"))
    # JSON: the last events of the group (`facts.Event`), and what the kind's text is made of.
    events = models.TextField(default="[]")
    count = models.PositiveIntegerField(_("events"), default=1)
    params = models.TextField(default="{}")
    created = models.DateTimeField(_("created"))
    happened = models.DateTimeField(_("last event"))
    expires = models.DateTimeField(_("expires"), null=True)
    # It came while its place or everything was muted, or in quiet hours: no page points it out.
    is_quiet = models.BooleanField(default=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-seq", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "group"],
                condition=~models.Q(group="") & ~models.Q(place="gone"),
                name="one_notification_a_group",
            ),
            models.UniqueConstraint(
                fields=["inbox", "key"],
                condition=models.Q(group="") & ~models.Q(key=""),
                name="one_notification_a_key",
            ),
        ]
        indexes = [
            models.Index(fields=["inbox", "rev"]),
            models.Index(fields=["inbox", "place", "-seq"]),
            models.Index(
                fields=["inbox", "unread_rev", "seq"],
                condition=models.Q(place="inbox"),
                name="notification_unread",
            ),
            models.Index(
                fields=["message", "inbox"],
                condition=models.Q(message__isnull=False),
                name="notification_message",
            ),
            models.Index(
                fields=["snoozed_until"],
                condition=models.Q(snoozed_until__isnull=False),
                name="notification_snoozed",
            ),
            models.Index(
                fields=["expires"],
                condition=models.Q(expires__isnull=False),
                name="notification_expires",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} @{self.seq}"

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of it but that it was there."""
        return self.place == Place.GONE

    def is_unread_in(self, inbox: Inbox) -> bool:
        """Whether it counts as unread in this inbox, which it is in."""
        return self.place == Place.INBOX and self.unread_rev > inbox.read_until


class Mark(StreamRow):
    """What somebody did with one announcement: an exception from the watermark."""

    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="marks")
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="marks")
    # As of a notification: above the inbox's watermark it is unread, 0 is read.
    unread_rev = models.BigIntegerField(default=0, editable=False)
    # Put away: this person does not see it any more.
    is_gone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inbox", "announcement"], name="one_mark_each")
        ]
        indexes = [models.Index(fields=["inbox", "rev"])]

    def __str__(self) -> str:
        return f"{self.inbox_id} on {self.announcement_id}"
