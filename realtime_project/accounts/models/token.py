"""What a program says instead of a session, to act as somebody within narrow bounds."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class TokenState(models.TextChoices):
    OPEN = "open", _("in use")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


class TokenQuerySet(models.QuerySet["Token"]):
    def open_at(self, now: datetime) -> Self:
        """Those that are good for something, of people who may sign in."""
        lasting = Q(expires=None) | Q(expires__gt=now)
        return self.filter(lasting, revoked=None, owner__is_active=True)


class Token(models.Model):
    """The secret is kept as a digest only: who reads the database can do nothing with it. The
    digest also names what was opened with the token, as that of a session's key does."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    # How it begins, so that its owner can tell it from others. Too little to guess the rest.
    start = models.CharField(_("begins with"), max_length=12, editable=False)
    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="tokens",
        verbose_name=_("person"),
    )
    # Names of scopes, with spaces in between.
    scopes = models.CharField(_("good for"), max_length=200)
    created = models.DateTimeField(_("made"), default=timezone.now)
    seen = models.DateTimeField(_("last used"), null=True)
    expires = models.DateTimeField(_("expires"), null=True)
    revoked = models.DateTimeField(_("revoked"), null=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created"]
        indexes = [models.Index(fields=["owner", "-created"])]

    def __str__(self) -> str:
        return self.name

    def allows(self, scope: str) -> bool:
        """Return whether it is good for something."""
        return scope in self.scopes.split()

    @property
    def state(self) -> TokenState:
        if self.revoked:
            return TokenState.REVOKED
        if self.expires and self.expires <= timezone.now():
            return TokenState.EXPIRED
        return TokenState.OPEN

    @property
    def is_open(self) -> bool:
        return self.state is TokenState.OPEN
