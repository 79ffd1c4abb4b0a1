"""A link by which newcomers make accounts for themselves."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class InvitationState(models.TextChoices):
    OPEN = "open", _("open")
    EXPIRED = "expired", _("expired")
    USED = "used", _("used up")
    REVOKED = "revoked", _("revoked")
    UNKNOWN = "unknown", _("unknown")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, now: datetime) -> Self:
        """Those by which somebody can still come in."""
        return self.filter(revoked=None, expires__gt=now, uses__lt=F("max_uses"))


class Invitation(models.Model):
    """The link's secret is kept as a digest only: who reads the database cannot come in by it."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    note = models.CharField(_("note"), max_length=120, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("made by"),
    )
    created = models.DateTimeField(_("made"), default=timezone.now)
    expires = models.DateTimeField(_("expires"))
    max_uses = models.PositiveIntegerField(_("how many may come"))
    uses = models.PositiveIntegerField(_("came"), default=0)
    revoked = models.DateTimeField(_("revoked"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                condition=Q(uses__lte=F("max_uses")), name="invitation_not_overused"
            )
        ]

    def __str__(self) -> str:
        return self.note or str(_("Invitation %(number)s") % {"number": self.pk})

    def state_at(self, now: datetime) -> InvitationState:
        """Return whether somebody can come in by it, or why not."""
        if self.revoked:
            return InvitationState.REVOKED
        if self.uses >= self.max_uses:
            return InvitationState.USED
        if self.expires <= now:
            return InvitationState.EXPIRED
        return InvitationState.OPEN

    @property
    def state(self) -> InvitationState:
        return self.state_at(timezone.now())

    @property
    def is_open(self) -> bool:
        return self.state is InvitationState.OPEN
