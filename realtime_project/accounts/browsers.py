"""Which browsers somebody has signed in with: each carries a signed list of its people.

Sessions do not tell it, they are deleted with every sign-out. The cookie lets nobody in; without
it one is told of a sign-in that is no news.
"""

from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from realtime_project.accounts.models import User

# Sent with `person` and `agent` when somebody signs in with a browser for the first time.
is_new = Signal()
COOKIE = "people"
YEAR_SECONDS = 365 * 24 * 3600
MAX_PEOPLE = 20


def remember(request: HttpRequest, response: HttpResponse, person: int) -> bool:
    """Let this browser know somebody from now on; returns whether it did so before. They are
    written to in its language."""
    User.objects.filter(pk=person).update(language=get_language() or "")
    people = _people(request)
    is_known = str(person) in people
    others = [one for one in people if one != str(person)]
    response.set_signed_cookie(
        COOKIE,
        ".".join([str(person), *others][:MAX_PEOPLE]),
        max_age=YEAR_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return is_known


def _people(request: HttpRequest) -> list[str]:
    # One that was changed by somebody else, or has grown old, is none.
    listed = request.get_signed_cookie(COOKIE, default="", max_age=YEAR_SECONDS)
    return listed.split(".") if listed else []
