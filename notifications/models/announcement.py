"""What is said to everybody at once: one row, however many they are."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from realtime_project.live.streams import Stream, StreamRow

PRIORITIES = [(1, _("lowest")), (2, _("low")), (3, _("normal")), (4, _("high")), (5, _("urgent"))]


class Announcements(Stream):
    """The one stream that everybody's inbox shows beside what is for them alone."""

    kind: ClassVar[str] = "announcements"
    lock_order = 3

    @classmethod
    def current(cls) -> Self:
        return cls.objects.get_or_create(pk=1)[0]


class Announcement(StreamRow):
    """Words of a person to everybody. Who has read it stands in the inboxes: most of them below
    a watermark, the others by a `Mark`."""

    stream = models.ForeignKey(
        Announcements, on_delete=models.PROTECT, related_name="announcements"
    )
    # Its place, as of a message: the rev of its creation.
    seq = models.BigIntegerField(editable=False)
    # Of whoever asks: the same again is the same announcement.
    key = models.CharField(max_length=100, null=True, unique=True, editable=False)  # noqa: DJ001 (many have none)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=4000, blank=True)
    url = models.CharField(_("link"), max_length=500, blank=True)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=PRIORITIES, default=3)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("author"),
    )
    created = models.DateTimeField(_("announced"))
    expires = models.DateTimeField(_("expires"), null=True, blank=True)
    # Withdrawn or expired: a tombstone without words.
    is_gone = models.BooleanField(_("withdrawn"), default=False, editable=False)

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-seq"]
        indexes = [
            models.Index(fields=["stream", "rev"]),
            models.Index(fields=["seq"], condition=models.Q(is_gone=False), name="announced"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("withdrawn"))
