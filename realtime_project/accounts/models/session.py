"""A browser in which somebody is signed in."""

from importlib import import_module
from typing import Any, Self

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts.agents import describe, is_handheld

MAX_AGENT = 256


class SessionQuerySet(models.QuerySet["Session"]):
    def signed_in(self) -> Self:
        """Those that are not over and belong to somebody: visitors have sessions as well."""
        return self.filter(expire_date__gt=timezone.now(), person__isnull=False)


class Session(AbstractBaseSession):
    """One row is all there is of a session, so that what its owner sees, what admins end and
    what signs a browser in cannot disagree.

    The key signs its holder in. Pages and addresses name a session by its number instead.
    """

    id = models.BigAutoField(primary_key=True)
    session_key = models.CharField(_("session key"), max_length=40, unique=True, editable=False)
    # Without a constraint in the database: a person who is deleted while they sign in would make
    # Django's store look for a free key without an end.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        db_constraint=False,
        related_name="sessions",
        verbose_name=_("person"),
    )
    address = models.GenericIPAddressField(_("address"), null=True)
    agent = models.CharField(_("browser"), max_length=MAX_AGENT, blank=True)
    created = models.DateTimeField(_("since"), default=timezone.now)
    seen = models.DateTimeField(_("last used"), default=timezone.now)

    objects = SessionQuerySet.as_manager()  # type: ignore[misc, assignment]

    class Meta(AbstractBaseSession.Meta):  # type: ignore[name-defined]
        indexes = [models.Index(fields=["person", "-seen"])]

    def __str__(self) -> str:
        return self.browser

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore

    @property
    def browser(self) -> str:
        """Which browser this is, in words."""
        return describe(self.agent)

    @property
    def is_handheld(self) -> bool:
        return is_handheld(self.agent)
