"""The outbox to the outside: what is to be sent to somebody by push or mail, and what was."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.models.announcement import Announcement
from notifications.models.inbox import Notification


class State(models.TextChoices):
    """How far a delivery has come."""

    WAITING = "waiting", _("waits")
    SENT = "sent", _("sent")
    # Its person has read something since: what was sent of it may have to be taken back.
    RECALLED = "recalled", _("is looked at")
    REFUSED = "refused", _("given up")


class Why(models.TextChoices):
    """Why it leaves when it does. What leaves for the same reason leaves together."""

    INSTANT = "instant", _("at once")
    QUIET = "quiet", _("after quiet hours")
    DIGEST = "digest", _("digest")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, channel: str, now: datetime) -> Self:
        """Those of a channel whose turn has come. Who works on one moves its turn on."""
        return self.filter(channel=channel, state__in=PENDING, due__lte=now)


PENDING = [State.WAITING, State.RECALLED]


class Delivery(models.Model):
    """One event that somebody is told of by one channel: written in the transaction in which it
    came into their inbox, and decided again when it is due."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
        db_index=False,  # the index below begins with it
    )
    channel = models.CharField(_("channel"), max_length=10)
    # Empty for all that the person has of the channel; one of them where only that is left.
    target = models.CharField(_("target"), max_length=100, blank=True)
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # Announcements are never deleted, and seldom withdrawn: nobody looks for theirs by an index.
    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, null=True, related_name="+", db_index=False
    )
    # The rev of the event, in the inbox or among the announcements.
    seq = models.BigIntegerField()
    why = models.CharField(_("leaves"), max_length=7, choices=Why, default=Why.INSTANT)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    # What is decided from then on is no more than whether it is too late: the reasons that were
    # kept are those of what was sent.
    is_decided = models.BooleanField(default=False, editable=False)
    # Whoever works on it moves it on: if they die, it is due again when their time is over.
    due = models.DateTimeField(_("next attempt"), default=timezone.now)
    # Who works on it: what they find out counts only while nobody else does.
    claim = models.CharField(max_length=32, blank=True)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    created = models.DateTimeField(_("since"), default=timezone.now)
    sent = models.DateTimeField(_("sent"), null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            # Of what is waiting: a partial one would not serve SQLite, which is asked with values.
            models.Index(fields=["channel", "state", "due"], name="delivery_due"),
            models.Index(fields=["person", "channel", "state"], name="delivery_person"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.person_id}"


KEPT = timedelta(days=1)
"""How long what was sent is known, in order to take it back and to count what was sent lately."""
REFUSED_KEPT = timedelta(days=30)
