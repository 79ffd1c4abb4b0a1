"""Inviting people."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import FormView

from realtime_project.accounts import queries, services
from realtime_project.accounts.forms import InvitationForm
from realtime_project.accounts.links import link_to
from realtime_project.accounts.views.people import PersonalView

SHOWN = 100


class InvitationsView(PersonalView, FormView):
    form_class = InvitationForm
    template_name = "accounts/invitations.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not queries.may_invite(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: InvitationForm) -> HttpResponse:
        made, token = services.invite(
            by=self.person,
            lasts=timedelta(days=form.cleaned_data["days"]),
            max_uses=form.cleaned_data["max_uses"],
            note=form.cleaned_data["note"],
        )
        # Not after a redirect: the secret would have to be kept somewhere in between.
        context = self.get_context_data(
            form=InvitationForm(), made=made, link=link_to(self.request, "join", token)
        )
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = queries.invitations_of(self.person)[:SHOWN]
        return super().get_context_data(**kwargs) | {"invitations": found}


class RevokeInvitationView(PersonalView):
    """End an invitation."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, invitation: int) -> HttpResponse:
        try:
            services.revoke_invitation(by=self.person, invitation=invitation)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        messages.success(request, _("The invitation is revoked: its link lets nobody in."))
        return redirect("invitations")
