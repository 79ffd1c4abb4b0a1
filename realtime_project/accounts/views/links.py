"""Where links with a secret lead: see `links`."""

from typing import Any

from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe
from django.views.generic import View

from realtime_project.accounts import services
from realtime_project.accounts.links import INVITATION, invitation_over


@method_decorator(never_cache, name="dispatch")
@method_decorator(sensitive_post_parameters("secret"), name="dispatch")
class LinkView(View):
    """Take a secret and give its holder a session for it."""

    http_method_names = ["get", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "accounts/link.html")

    def post(self, request: HttpRequest) -> HttpResponse:
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="link")
        # What follows the last “#”: people paste the whole link as well.
        secret = request.POST.get("secret", "").strip().rpartition("#")[2]
        return limited or self.exchange(request, secret)

    def exchange(self, request: HttpRequest, secret: str) -> HttpResponse:
        raise NotImplementedError


class JoinView(LinkView):
    """An invitation."""

    def exchange(self, request: HttpRequest, secret: str) -> HttpResponse:
        if request.user.is_authenticated:
            messages.info(request, _("You have an account here already: the link is unused."))
            return redirect("home")
        try:
            invitation = services.find_invitation(secret)
        except services.InvitationOver as over:
            return invitation_over(request, over.state)
        request.session[INVITATION] = invitation.pk
        return redirect("account_signup")


@require_safe
def over(request: HttpRequest, state: str) -> HttpResponse:
    """Why an invitation lets nobody in."""
    return render(request, "accounts/invitation_over.html", {"state": state}, status=410)


class ResetView(LinkView):
    """A new password, by the page that links in mail lead to as well."""

    def exchange(self, request: HttpRequest, secret: str) -> HttpResponse:
        person, _dash, key = secret.partition("-")
        request.session[INTERNAL_RESET_SESSION_KEY] = key
        if not person.isascii() or not person.isalnum():
            person = "0"
        return redirect("account_reset_password_from_key", uidb36=person, key="set-password")
