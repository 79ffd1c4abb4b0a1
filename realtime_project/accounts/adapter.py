"""How django-allauth is told who may sign up, and tells who has signed in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from realtime_project.accounts import browsers, services
from realtime_project.accounts.links import invitation_in, invitation_over
from realtime_project.accounts.middleware import agent_of
from realtime_project.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is for those who were invited, for everybody or for nobody, as `SIGNUP` says; and
    not before there is an owner: a stranger who comes first would have the first room. Whoever
    signs in with a browser for the first time is told of it, if it was not they."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        if services.needs_owner():
            return False
        if settings.SIGNUP != "invite":
            return bool(settings.SIGNUP == "open")
        invitation = invitation_in(request.session)
        if invitation and not invitation.is_open:
            # It ended while its holder looked at the form.
            raise ImmediateHttpResponse(invitation_over(request, invitation.state))
        return invitation is not None

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, **facts: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, signup=signup, **facts)
        is_known = browsers.remember(request, response, user.pk)
        if not signup and not is_known:
            browsers.is_new.send(sender=User, person=user.pk, agent=agent_of(request))
        return response
