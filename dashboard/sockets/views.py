"""The table of sockets, for those who run the place. Others see nothing there."""

from typing import cast

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.boards.answers import for_people
from dashboard.sockets import services
from realtime_project.accounts.models import User
from realtime_project.live.responses import json


@never_cache
@require_GET
@for_people
def sockets(request: HttpRequest) -> HttpResponse:
    """Who is connected: of each worker what it answered last. It is asked again."""
    return json(services.sockets(_staff(request)))


@require_POST
@for_people
def close(request: HttpRequest, socket: str) -> HttpResponse:
    """Close a socket. 202: its worker does it when it hears of it."""
    services.close_socket(person=_staff(request), socket=socket)
    return json({}, status=202)


def _staff(request: HttpRequest) -> User:
    person = cast(User, request.user)
    if not person.is_staff:
        raise ObjectDoesNotExist
    return person
