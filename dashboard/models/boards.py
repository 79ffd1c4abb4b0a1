"""Boards that people make, what they starred, and what is written on the axis of time."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chat.models import Room


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, person: int) -> Self:
        """Boards that this person, who is not of the staff, may see now."""
        rooms = Room.objects.visible_to(person)
        shared = Q(pk__in=self.model.rooms.through.objects.filter(room__in=rooms).values("board"))
        return self.filter(Q(owner_id=person) | Q(is_for_everybody=True) | shared)


class Board(models.Model):
    """A board that somebody made. Those that come with the product, and those that what is sent
    in gives rise to, are not stored."""

    slug = models.SlugField(_("address"), max_length=50, unique=True)
    title = models.CharField(_("title"), max_length=80)
    body = models.JSONField(_("board as JSON"))
    # Moves with each change, of rights too: workers that show the board notice by it.
    version = models.PositiveIntegerField(default=1, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="boards"
    )
    is_for_everybody = models.BooleanField(_("everybody may see it"), default=False)
    rooms = models.ManyToManyField(
        Room, blank=True, related_name="boards", verbose_name=_("rooms whose members may see it")
    )
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Star(models.Model):
    """A board that somebody wants at hand, also one that is not stored."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="stars"
    )
    board = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "board"], name="one_star_a_board")]

    def __str__(self) -> str:
        return self.board


class Annotation(models.Model):
    """Something that happened at a time, or from one time to another, shown on boards: a
    deployment, a note. What came by a source is shown where its series are."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        DEPLOY = "deploy", _("deployment")

    class Level(models.TextChoices):
        NONE = "", _("nothing special")
        WARNING = "warning", _("warning")
        CRITICAL = "critical", _("critical")

    # Unix time, as everything beside it on the axis.
    at = models.FloatField(_("from"), help_text=_("Unix time in seconds."))
    until = models.FloatField(_("to"), null=True, blank=True)
    title = models.CharField(_("text"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.NOTE)
    level = models.CharField(
        _("level"), max_length=10, choices=Level.choices, default=Level.NONE, blank=True
    )
    source = models.BigIntegerField(null=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    # What the same source calls it: told twice it is one.
    key = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        verbose_name = _("annotation")
        verbose_name_plural = _("annotations")
        ordering = ["-at"]
        indexes = [models.Index(fields=["at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], condition=~Q(key=""), name="one_annotation_a_key"
            )
        ]

    def __str__(self) -> str:
        return self.title
