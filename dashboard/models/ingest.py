"""Where numbers, lines and heartbeats come from that others send."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models import Room
from realtime_project.accounts.models import Token, User
from realtime_project.live.streams import Stream

OWN = "app"
"""What stands for the installation itself where a source is named."""

is_short_name = RegexValidator(
    rf"^(?!{OWN}$)[a-z0-9][a-z0-9_-]*$", _("Use small letters, digits, “-” and “_”.")
)


class Audience(models.TextChoices):
    """Who may see what was sent."""

    STAFF = "staff", _("staff")
    ROOMS = "rooms", _("members of rooms")
    EVERYBODY = "everybody", _("everybody")


class SourceQuerySet(models.QuerySet["IngestSource"]):
    def visible_to(self, person: User) -> Self:
        """Those whose series and lines this person may see now."""
        if not person.is_active:
            return self.none()
        if person.is_staff:
            return self.all()
        shared = self.filter(rooms__in=Room.objects.visible_to(person.pk)).values("pk")
        return self.filter(
            Q(audience=Audience.EVERYBODY) | Q(audience=Audience.ROOMS, pk__in=shared)
        )


class IngestSource(Stream):
    """One program, machine or service that sends. As a stream it tells the lines of its logs to
    those who see them and not all lines; they have the revs there that they have in `Log`."""

    kind: ClassVar[str] = "source"

    slug = models.CharField(
        _("short name"),
        max_length=50,
        unique=True,
        validators=[is_short_name],
        help_text=_("Small letters and digits. It stands in addresses and cannot be changed."),
    )
    title = models.CharField(_("title"), max_length=80)
    audience = models.CharField(
        _("shown to"), max_length=10, choices=Audience.choices, default=Audience.STAFF
    )
    rooms = models.ManyToManyField(
        Room,
        blank=True,
        related_name="+",
        verbose_name=_("rooms"),
        help_text=_("Whose members see it, where it is shown to members of rooms."),
    )
    created = models.DateTimeField(_("since"), auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source of numbers")
        verbose_name_plural = _("sources of numbers")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.slug}"


class SourceToken(models.Model):
    """By which source something comes that is sent with a token."""

    source = models.ForeignKey(IngestSource, on_delete=models.CASCADE, related_name="tokens")
    token = models.OneToOneField(Token, on_delete=models.CASCADE, related_name="source")
    max_series = models.PositiveIntegerField(
        _("series at most"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many it may make. Empty: as many as its source has room for."),
    )

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")

    def __str__(self) -> str:
        return str(self.token)


class CountedRequest(models.Model):
    """That the numbers of a request are counted, for when it is sent again. It is written together
    with them."""

    # A digest: of the token and the first line, or of what the sender says that it is known by.
    key = models.CharField(max_length=64, unique=True)
    source = models.ForeignKey(IngestSource, on_delete=models.CASCADE, related_name="+")
    # So many lines are counted, of which this is the digest; 0 where the sender named the request.
    lines = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    # Names of series for which there was no room.
    homeless = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["created"]),
            models.Index(fields=["source", "created"]),
        ]

    def __str__(self) -> str:
        return self.key


class Heartbeat(models.Model):
    """A job that is expected to tell every so often that it was done."""

    source = models.ForeignKey(IngestSource, on_delete=models.CASCADE, related_name="heartbeats")
    slug = models.SlugField(_("short name"), max_length=80)
    title = models.CharField(_("title"), max_length=80, blank=True)
    period = models.DurationField(
        _("every"), default=timedelta(days=1), help_text=_("How often it is expected.")
    )
    grace = models.DurationField(
        _("grace"), default=timedelta(hours=1), help_text=_("How much later it may come.")
    )
    created = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    # When it last told that it was done, that it failed, and that it begins.
    done = models.DateTimeField(_("last done"), null=True, editable=False)
    failed = models.DateTimeField(_("last failed"), null=True, editable=False)
    started = models.DateTimeField(_("last started"), null=True, editable=False)
    # How long it took from its last start on, when it has told of both.
    took = models.DurationField(_("took"), null=True, editable=False)
    said = models.CharField(_("said"), max_length=1000, blank=True, editable=False)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "slug"], name="one_heartbeat_a_slug")
        ]

    def __str__(self) -> str:
        return self.title or self.slug

    @property
    def due(self) -> datetime:
        """Until when it must have come again. One that never came is expected from when it was
        made on."""
        return (self.done or self.created) + self.period + self.grace
