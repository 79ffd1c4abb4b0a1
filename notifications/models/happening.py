"""The outbox: what has happened and is still to be told to those whom it concerns."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HappeningQuerySet(models.QuerySet["Happening"]):
    def due(self, now: datetime) -> Self:
        """Those whose turn has come, in their order."""
        return self.filter(is_given_up=False, due__lte=now).order_by("due", "pk")


class Happening(models.Model):
    """Something that happened, by reference: written in the transaction in which it did, and
    deleted in the one in which everybody has been told."""

    name = models.CharField(_("what"), max_length=60)
    # JSON: numbers and texts, as the function takes them that says who is to be told.
    facts = models.TextField(_("facts"), default="{}")
    # Everybody up to this person has been told.
    told_until = models.BigIntegerField(_("told until"), default=0)
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
