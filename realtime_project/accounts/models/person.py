"""A person (or a program that acts like one) who may sign in."""

import secrets
from typing import Any, Self
from zoneinfo import available_timezones

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.dispatch import Signal
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from realtime_project.live import revocation

AVATAR_COLORS = 12
# Sent with `person` within the transaction that stores how somebody is called or pictured from now
# on: what shows them elsewhere changes with it, or neither does.
appearance_changed = Signal()
# By which everybody in a room, or who is present there, is addressed as one addresses a person.
ADDRESSES_OF_MANY = frozenset({"here", "room"})


def refuse_address_of_many(username: str) -> None:
    """Refuse a user name under which nobody could be addressed alone."""
    if username.lower() in ADDRESSES_OF_MANY:
        raise ValidationError(_("This name addresses many at once."), code="reserved")


username_validators = [UnicodeUsernameValidator(), refuse_address_of_many]


def random_color() -> int:
    """Return an index into the palette of avatars."""
    return secrets.randbelow(AVATAR_COLORS)


def validate_time_zone(name: str) -> None:
    """Refuse a name that the zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(_("There is no time zone called “%(name)s”."), params={"name": name})


class Theme(models.TextChoices):
    AUTO = "auto", _("As the device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class User(AbstractUser):
    """Someone with an account. They go by one name, `display_name`."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    display_name = models.CharField(_("display name"), max_length=80, blank=True)
    avatar_color = models.PositiveSmallIntegerField(default=random_color, editable=False)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, validators=[validate_time_zone]
    )
    # Of the browser that signed in last: letters have no browser to ask.
    language = models.CharField(_("language"), max_length=10, blank=True, editable=False)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_bot = models.BooleanField(_("bot"), default=False)
    is_owner = models.BooleanField(_("owner"), default=False, editable=False)
    # The name of a file, which changes whenever the picture does; see `pictures`.
    picture = models.CharField(max_length=64, blank=True, editable=False)
    # By which one they came. Other apps hang what an invitation leads to on its row.
    invitation = models.ForeignKey(
        "accounts.Invitation",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="newcomers",
    )

    REQUIRED_FIELDS = ["email"]

    class Meta(AbstractUser.Meta):  # type: ignore[name-defined]
        constraints = [
            # Two who open the setup link at once: the database lets one of them be the owner.
            models.UniqueConstraint(
                fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def clean(self) -> None:
        super().clean()
        try:
            refuse_address_of_many(self.username)
        except ValidationError as error:
            raise ValidationError({"username": error}) from error

    def get_full_name(self) -> str:
        return self.display_name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()

    @property
    def picture_url(self) -> str:
        """Where the picture is, or nothing."""
        return reverse("picture", args=[self.picture]) if self.picture else ""

    @property
    def picture_version(self) -> str | None:
        """What stands for the picture where the address is known."""
        return self.picture.removesuffix(".webp") or None

    @property
    def zone(self) -> str:
        """The name of the time zone in which this person reads times."""
        return self.time_zone or settings.TIME_ZONE

    @property
    def read_language(self) -> str:
        """The language in which this person is written to."""
        return (
            self.language if self.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        )

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any) -> Self:
        user = super().from_db(db, field_names, values)
        user._stored_rights = {name: user.__dict__.get(name) for name in _RIGHTS}
        return user

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the account. What takes rights away closes the person's sockets on commit."""
        reason = self._lost_rights()
        with transaction.atomic():
            if self._looks_different(kwargs):
                # First: rooms are locked before the control stream, which revoking moves.
                appearance_changed.send(type(self), person=self)
            super().save(*args, **kwargs)
            if self._saves("email", kwargs):
                self._forget_other_addresses()
            if reason:
                revocation.revoke_person(self.pk, reason)
            if reason is revocation.Reason.PASSWORD:
                # They are worth nothing any more, and would be listed as if they were. The one in
                # which the password was changed gets a new row right after.
                self.sessions.all().delete()
        self._stored_rights = {name: self.__dict__.get(name) for name in _RIGHTS}

    def _forget_other_addresses(self) -> None:
        # allauth looks for people by these rows too: an old address must lead nowhere.
        from allauth.account.models import EmailAddress

        EmailAddress.objects.filter(user=self).exclude(email__iexact=self.email).delete()

    def _saves(self, name: str, kwargs: dict[str, Any]) -> bool:
        named = kwargs.get("update_fields")
        return named is None or name in named

    def _looks_different(self, kwargs: dict[str, Any]) -> bool:
        names = [name for name in APPEARANCE if self._saves(name, kwargs)]
        if self._state.adding or not names:
            return False
        # As it is stored now, not as it was read: that may be a while ago.
        before = type(self)._default_manager.filter(pk=self.pk).values(*names).get()
        return any(before[name] != getattr(self, name) for name in names)

    _stored_rights: dict[str, Any] | None = None

    def _lost_rights(self) -> revocation.Reason | None:
        before = self._stored_rights
        if before is None:
            return None
        if before["is_active"] and not self.is_active:
            return revocation.Reason.DEACTIVATED
        if before["password"] not in (None, self.password):
            return revocation.Reason.PASSWORD
        if any(before[name] and not getattr(self, name) for name in ("is_staff", "is_superuser")):
            return revocation.Reason.RIGHTS
        return None


APPEARANCE = ("username", "display_name", "avatar_color", "picture", "is_bot")
"""What others see of somebody wherever they are shown."""
_RIGHTS = ("password", "is_active", "is_staff", "is_superuser")
