"""Links that are good for something: an invitation, a new password, a new address.

The secret stands behind the `#`, which browsers send to nobody: it reaches no proxy's log, no
Referer and no robot that looks at links. A page posts it and gets a session that remembers what
the link is good for, so that the secret leaves the address bar at once.
"""

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from realtime_project.accounts.models import Invitation, InvitationState

INVITATION = "invitation"
NEW_EMAIL = "new_email"


def link_to(request: HttpRequest, name: str, secret: str) -> str:
    """Return the whole address of a link, as people outside reach this place."""
    path = f"{reverse(name)}#{secret}"
    return f"{settings.SITE_URL}{path}" if settings.SITE_URL else request.build_absolute_uri(path)


def invitation_in(session: SessionBase) -> Invitation | None:
    """Return the invitation that this visitor came with, be it open or not."""
    number = session.get(INVITATION)
    if number is None:
        return None
    return Invitation.objects.select_related("created_by").filter(pk=number).first()


def invitation_over(request: HttpRequest, state: InvitationState) -> HttpResponse:
    """Lead to the page that says why an invitation lets nobody in. It has an address of its own:
    another link that is opened in the same tab would else be a jump within the page."""
    request.session.pop(INVITATION, None)
    return redirect("invitation-over", state=state.value)
