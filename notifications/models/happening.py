"""The outbox: what has happened and is still to be told to those whom it concerns."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

RETRACTED = "notifications.retracted"


class HappeningQuerySet(models.QuerySet["Happening"]):
    def due(self, now: datetime) -> Self:
        """Those whose turn has come, in their order."""
        return self.filter(is_given_up=False, due__lte=now).order_by("due", "pk")

    def begun(self) -> Self:
        """Those of which some people have been told, and others are left."""
        return self.filter(told_until__gt=0).exclude(name=RETRACTED)

    def fresh(self) -> Self:
        """All others."""
        return self.filter(models.Q(told_until=0) | models.Q(name=RETRACTED))


class Happening(models.Model):
    """Something that happened, by reference: written in the transaction in which it did, and
    deleted in the one in which everybody has been told."""

    name = models.CharField(_("what"), max_length=60)
    # JSON: numbers and texts, as the function takes them that says who is to be told.
    facts = models.TextField(_("facts"), default="{}")
    # Everybody up to this person has been told.
    told_until = models.BigIntegerField(_("told until"), default=0)
    # And nobody beyond this one is told of it here: they have a row of their own.
    tell_until = models.BigIntegerField(null=True, editable=False)
    created = models.DateTimeField(_("since"), default=timezone.now)
    due = models.DateTimeField(_("next attempt"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    error = models.TextField(_("last error"), blank=True)
    is_given_up = models.BooleanField(_("given up"), default=False)

    objects = HappeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("happening")
        verbose_name_plural = _("outbox")
        indexes = [
            models.Index(
                fields=["due", "id"], condition=models.Q(is_given_up=False), name="happening_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.facts}"

    def concerns(self, person: int) -> bool:
        """Return whether somebody who is to be told is told by this row."""
        return self.tell_until is None or person <= self.tell_until

    @property
    def takes_back(self) -> bool:
        """Whether it tells that something is not so any more."""
        return self.name == RETRACTED
