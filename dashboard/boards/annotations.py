"""What is written on the axis of time: notes, deployments, and alerts that fired."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from dashboard.boards.access import Shown
from dashboard.boards.bands import bands
from dashboard.boards.concern import Concern
from dashboard.measuring.present import now
from dashboard.models import Annotation
from realtime_project.accounts.models import User

MAX_SHOWN = 200
MAX_TITLE = 200
KEPT_SECONDS = 400 * 86_400


def annotate(
    title: str,
    *,
    at: float | None = None,
    until: float | None = None,
    kind: str = "note",
    level: str = "",
    source: int | None = None,
    by: User | None = None,
    key: str = "",
) -> Annotation:
    """Write something down at a time, in Unix seconds: now, where none is given. What the same
    source tells again under the same key is told anew."""
    at = now() if at is None else at
    check(title, at, until, kind, level)
    facts = {"title": title, "at": at, "until": until, "kind": kind, "level": level, "by": by}
    if key:
        return Annotation.objects.update_or_create(facts, source=source, key=key[:100])[0]
    return Annotation.objects.create(source=source, **facts)


def shown_on(shown: Shown, concern: Concern, start: float, end: float) -> list[dict[str, Any]]:
    """Return what a board shows on its axis to who looks at it: of what is our own, and of what
    came by sources, that which concerns them there."""
    within = Q(at__lt=end) & (Q(at__gte=start) | Q(until__gte=start))
    ours = Q(source=None) if concern.own else Q(pk__in=())
    whose = ours | Q(source__in=list(concern.sources))
    # The newest of too many.
    notes = Annotation.objects.filter(within & whose).order_by("-at")[:MAX_SHOWN]
    told = [_told(note) for note in reversed(notes)]
    return told + (bands(start, end, concern.reader) if shown.scope.own else [])


def check(title: str, at: float, until: float | None, kind: str, level: str) -> None:
    """Raise ValidationError for what is no annotation."""
    if not 0 < len(title.strip()) <= MAX_TITLE or "\0" in title:
        raise ValidationError(_("An annotation has a text of at most 200 characters."))
    if abs(at - now()) > KEPT_SECONDS:
        raise ValidationError(_("That time is too far away."))
    if until is not None and not at <= until <= at + KEPT_SECONDS:
        raise ValidationError(_("That ends before it begins."))
    if kind not in Annotation.Kind.values or level not in Annotation.Level.values:
        raise ValidationError(_("There is no such kind of annotation."))


def _told(note: Annotation) -> dict[str, Any]:
    fields = ("at", "until", "title", "kind", "level")
    return {"id": note.pk} | {name: getattr(note, name) for name in fields}
