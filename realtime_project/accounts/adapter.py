"""How django-allauth is told who may sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.http import HttpRequest

from realtime_project.accounts import services
from realtime_project.accounts.links import invitation_in, invitation_over


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up is for those who were invited, for everybody or for nobody, as `SIGNUP` says; and
    not before there is an owner: a stranger who comes first would have the first room."""

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
