"""Why one was told of something lately, or was not."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.traces.queries import latest, said
from notifications.traces.words import name_of, say
from realtime_project.accounts.models import User


@dataclass(frozen=True)
class Reason:
    """A decision in words."""

    kind: str
    about: str
    decided: datetime | None
    lines: list[str]

    @property
    def done(self) -> str:
        """What was done."""
        return self.lines[-1] if self.lines else ""


@login_required
@never_cache
@require_safe
def why(request: HttpRequest) -> HttpResponse:
    """What was decided about the reader; `?person=` for those who run the place, without a word of
    what it was about."""
    viewer = cast(User, request.user)
    name = request.GET.get("person", "").strip().removeprefix("@").replace("\0", "")
    if name and not viewer.is_staff:
        raise Http404
    person = User.objects.filter(username=name).first() if name else viewer
    reasons = _reasons(person, is_own=person == viewer) if person else []
    return render(request, "notifications/why.html", {"person": person, "reasons": reasons})


def _reasons(person: User, *, is_own: bool) -> list[Reason]:
    found = latest(person.pk)
    about = said(person.pk, {one.subject for one in found}) if is_own else {}
    return [
        Reason(
            name_of(one.kind), about.get(one.subject, ""), one.decided, [say(x) for x in one.lines]
        )
        for one in found
    ]
