"""Browsers that somebody has asked to be reached in."""

from collections.abc import Collection
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts.models import Session


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def in_use(self, people: Collection[int]) -> Self:
        """Those by which these people are reached: still signed in there, and not turned away."""
        return self.filter(
            person__in=people,
            disabled=None,
            session__expire_date__gt=timezone.now(),
            session__person=models.F("person"),
            person__is_active=True,
        )


class Subscription(models.Model):
    """A browser, as a push service knows it. It ends with the session in which it was made."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    # Without a constraint in the database: signing out must not fail because somebody subscribes
    # at that moment. What is left without a session is not used, and deleted within the hour.
    session = models.ForeignKey(
        Session,
        on_delete=models.CASCADE,
        db_constraint=False,
        related_name="+",
        verbose_name=_("session"),
    )
    # The address is as good as a password for writing to the browser; it is shown to nobody.
    endpoint = models.TextField(editable=False)
    # SHA-256 of it: too long for an index of its own.
    digest = models.CharField(max_length=64, unique=True, editable=False)
    public_key = models.BinaryField(editable=False)
    auth = models.BinaryField(editable=False)
    created = models.DateTimeField(_("since"), default=timezone.now)
    told = models.DateTimeField(_("last told"), null=True)
    failures = models.PositiveSmallIntegerField(_("failed in a row"), default=0)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    # When the push service did not take our key for it.
    disabled = models.DateTimeField(_("turned off"), null=True)
    # Pushes that show nothing: browsers allow few, so they are counted by the day.
    silent_on = models.DateField(null=True, editable=False)
    silent = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("push subscription")
        verbose_name_plural = _("push subscriptions")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.service

    @property
    def service(self) -> str:
        """Whose push service it is, by its host."""
        return self.endpoint.split("/")[2]
