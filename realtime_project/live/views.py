"""What a page asks over HTTP: whether it is still signed in, and the state of a topic."""

from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.models import Installation
from realtime_project.live.protocol import translate
from realtime_project.live.responses import json, nobody_is_signed_in, refusal
from realtime_project.live.routes import resolve
from realtime_project.live.topics import State, StreamTopic


@never_cache
@require_GET
def session(request: HttpRequest) -> HttpResponse:
    """Say who is signed in: a browser cannot read why its socket was refused, so it asks here.

    200 with the person, the epoch and a token for what is posted, 401 for nobody, 403 for an
    account that was deactivated.
    """
    if request.user.is_authenticated:
        epoch = Installation.current().epoch
        return json({"person": request.user.pk, "epoch": epoch, "csrf": get_token(request)})
    if _is_deactivated(request):
        return refusal(LiveError(ErrorCode.FORBIDDEN, "This account was deactivated."))
    return nobody_is_signed_in()


@never_cache
@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """Return all that a page shows of one topic: `?topic=room:7`."""
    if not request.user.is_authenticated:
        return nobody_is_signed_in()
    name = request.GET.get("topic", "")
    try:
        return json(read_state(request.user.pk, name))
    except Exception as error:
        refused = translate(error)
        if refused is None:
            raise
        return refusal(refused)


@never_cache
@require_safe
def connection(request: HttpRequest) -> HttpResponse:
    """The page that goes the way to the server hop by hop. For nobody's eyes in particular: who
    cannot sign in may need it most."""
    return render(request, "live/connection.html")


def read_state(person: int, name: str) -> dict[str, Any]:
    """Return the state of a topic for a person, as the page gets it."""
    consumer, params = resolve(name)
    if not issubclass(consumer, StreamTopic):
        raise LiveError(ErrorCode.UNKNOWN, "This topic has no state to load: subscribe to it.")
    return as_state(name, consumer.state(person, params), Installation.current().epoch)


def as_state(name: str, found: State, epoch: str) -> dict[str, Any]:
    """Return a topic's state as the page gets it."""
    return {
        "epoch": epoch,
        "topic": name,
        "rev": found.rev,
        "rows": found.rows,
        "extra": found.extra,
    }


def _is_deactivated(request: HttpRequest) -> bool:
    person: str | None = request.session.get(SESSION_KEY)
    return (
        person is not None and get_user_model().objects.filter(pk=person, is_active=False).exists()
    )
