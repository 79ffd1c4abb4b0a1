"""The pages of alerts, and what a message in a room or a notification posts."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.alerts import queries, services, troubles
from dashboard.alerts.queries import Entry, Shown
from dashboard.alerts.sparkline import Sparkline
from dashboard.alerts.view import last_hour
from dashboard.models.alerts import Alerts, Watch
from realtime_project.accounts.models import User
from realtime_project.live.codes import Conflict, ErrorCode, LiveError
from realtime_project.live.models import Installation
from realtime_project.live.responses import json, refusal

ON_A_PAGE = 50


@login_required
@never_cache
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The alerts that are not simply well, by state."""
    person = _person(request)
    context = _live(request) | {
        "here": "now",
        "groups": queries.now_on(person),
        "troubled": troubles.troubled(person),
        "unwatched": troubles.unwatched(timezone.now().timestamp()),
    }
    return render(request, "alerts/now.html", context)


@login_required
@never_cache
@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """What has happened, the last first."""
    context = _live(request)
    found = queries.history(_person(request))
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context |= {"here": "history", "pages": page, "entries": map(Entry, page)}
    return render(request, "alerts/history.html", context)


@login_required
@never_cache
@require_safe
def alert(request: HttpRequest, alert: int) -> HttpResponse:
    """One alert: how it stands, and what has happened to it."""
    person, context = _person(request), _live(request)
    try:
        found = (
            services.visible(person).select_related("rule__room", "acknowledged_by").get(pk=alert)
        )
    except ObjectDoesNotExist as error:
        raise Http404 from error
    shown = Shown(found, queries.unit_for(found))
    context |= {
        "here": "now",
        "shown": shown,
        "line": _line(shown),
        "entries": map(Entry, queries.history(person).filter(alert=found)[:ON_A_PAGE]),
    }
    return render(request, "alerts/alert.html", context)


@login_required
@never_cache
@require_POST
def acknowledge(request: HttpRequest, alert: int) -> HttpResponse:
    """Acknowledge an alert: by a form of a page, or by a button of a message or a notification."""
    wants_json = request.content_type == "application/json"
    try:
        services.acknowledge(person=_person(request), alert=alert)
    except ObjectDoesNotExist as error:
        if wants_json:
            return refusal(LiveError(ErrorCode.NOT_FOUND, _("There is no such alert.")))
        raise Http404 from error
    except Conflict as error:
        if wants_json:
            return refusal(LiveError(ErrorCode.CONFLICT, str(error)))
        messages.error(request, str(error))
    return json({"ok": True}) if wants_json else redirect("alerts:alert", alert)


def staff(request: HttpRequest) -> User:
    """Return who asks, if they run the place."""
    person = _person(request)
    if not person.is_staff:
        raise PermissionDenied
    return person


def _live(request: HttpRequest) -> dict[str, Any]:
    """Return what keeps a page of alerts up to date. Before they are read: what becomes of them
    meanwhile is told."""
    rev = Alerts.current().rev
    epoch = Installation.current().epoch
    return {"state": {"person": _person(request).pk, "epoch": epoch, "rev": rev}}


def _line(shown: Shown) -> Sparkline | None:
    rule = queries.watched(shown.alert)
    if rule.rule.watch in (Watch.HEARTBEAT, Watch.LOG):
        return None
    values = last_hour(rule, shown.alert.labels, int(shown.alert.read_at))
    has_limit = rule.rule.watch != Watch.NO_DATA
    return Sparkline.of(values, rule.threshold.at if has_limit else None)


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
