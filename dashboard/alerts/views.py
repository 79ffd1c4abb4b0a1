"""The pages of alerts, and what a message in a room or a notification posts."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.alerts import services
from realtime_project.accounts.models import User
from realtime_project.live.codes import Conflict, ErrorCode, LiveError
from realtime_project.live.responses import json, refusal


@login_required
@never_cache
@require_safe
def alert(request: HttpRequest, alert: int) -> HttpResponse:
    """One alert: how it stands, and what has happened to it."""
    return HttpResponse()


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


def _person(request: HttpRequest) -> User:
    return cast(User, request.user)
