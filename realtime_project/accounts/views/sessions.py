"""Where one is signed in."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView

from realtime_project.accounts import queries, services
from realtime_project.accounts.views.people import PersonalView


class SessionsView(PersonalView, TemplateView):
    template_name = "accounts/sessions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(queries.sessions_of(self.person))
        here = self.request.session.session_key
        found.sort(key=lambda one: one.session_key != here)
        return super().get_context_data(**kwargs) | {"sessions": found, "here": here}


class EndSessionView(PersonalView):
    """Sign out one other browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, session: int) -> HttpResponse:
        try:
            found = queries.sessions_of(self.person).get(pk=session)
            services.end_session(by=self.person, session=session)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        if found.session_key == request.session.session_key:
            return redirect("account_login")
        messages.success(request, _("%(browser)s is signed out.") % {"browser": found.browser})
        return redirect("sessions")


class EndOtherSessionsView(PersonalView):
    """Sign out every browser but this one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        ended = services.end_other_sessions(person=self.person, keep=request.session.session_key)
        told = ngettext("One browser is signed out.", "%(count)s browsers are signed out.", ended)
        messages.success(request, told % {"count": ended})
        return redirect("sessions")
