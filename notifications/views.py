"""The inbox, and what its page loads beyond its first state: older pages, other places."""

from typing import cast

import msgspec
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from notifications import queries, services
from notifications.models import Place
from notifications.queries import Filter
from realtime_project.accounts.models import User
from realtime_project.live.models import Installation
from realtime_project.live.responses import json
from realtime_project.live.views import as_state

MAX_DIGITS = 15
PLACES = [place.value for place in Place if place is not Place.GONE]


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The inbox, with the state that it starts from."""
    person = cast(User, request.user).pk
    services.open_inboxes([person])
    epoch = Installation.current().epoch
    state = {
        "person": person,
        "site": settings.SITE_NAME,
        "epoch": epoch,
        "inbox": as_state("inbox", queries.inbox_state(person), epoch),
        "announcements": as_state("announcements", queries.announcements_state(), epoch),
    }
    return render(request, "notifications/inbox.html", {"state": state})


@login_required
@never_cache
@require_GET
def items(request: HttpRequest) -> HttpResponse:
    """Fifty notifications: `?place=archive&type=chat.mention&room=7&unread=yes&before=118&id=991`.
    Each may be left out; `before` and `id` are the seq and the number of one that is there."""
    asked = request.GET
    place = asked.get("place", Place.INBOX.value)
    numbers = {name: asked[name] for name in ("room", "before", "id") if name in asked}
    if place not in PLACES or not all(_is_number(text) for text in numbers.values()):
        return HttpResponseBadRequest("Name a place; room, before and id are numbers.")
    room, seq, number = (
        int(numbers[name]) if name in numbers else None for name in ("room", "before", "id")
    )
    wanted = Filter(Place(place), asked.get("type", ""), room, asked.get("unread") == "yes")
    person = cast(User, request.user).pk
    services.open_inboxes([person])
    before = None if seq is None else (seq, number or 0)
    page = queries.inbox_page(person, wanted, before=before)
    return json({"epoch": Installation.current().epoch, **msgspec.structs.asdict(page)})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
