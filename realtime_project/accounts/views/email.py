"""The e-mail address of one's own account."""

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView

from realtime_project.accounts import mail, queries, services
from realtime_project.accounts.forms import EmailForm
from realtime_project.accounts.links import NEW_EMAIL, link_to
from realtime_project.accounts.views.links import LinkView
from realtime_project.accounts.views.people import PersonalView


def is_changeable(request: HttpRequest) -> bool:
    """Where no mail goes out there is nothing to guard: the page says who can change it."""
    return request.user.is_authenticated and mail.goes_out()


def not_here(request: HttpRequest) -> HttpResponse:
    """Stand in the place of a page that others have."""
    raise Http404


@method_decorator(reauthentication_required(enabled=is_changeable), name="dispatch")
class EmailView(PersonalView, FormView):
    """Ask for another address."""

    form_class = EmailForm
    template_name = "accounts/email.html"

    def get_template_names(self) -> list[str]:
        return [self.template_name if mail.goes_out() else "accounts/email_by_admin.html"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not mail.goes_out():
            return redirect("email")
        limited: HttpResponse | None = ratelimit.consume_or_429(request, action="change_email")
        return limited or super().post(request, *args, **kwargs)

    def form_valid(self, form: EmailForm) -> HttpResponse:
        email = form.cleaned_data["email"]
        try:
            services.ask_for_email(person=self.person, email=email, link=self._link)
        except ValidationError as error:
            form.add_error("email", error)
            return self.form_invalid(form)
        return render(self.request, "accounts/email_sent.html", {"email": email})

    def _link(self, key: str) -> str:
        return link_to(self.request, "email-link", key)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "may_change_it": queries.may_manage(self.person, self.person),
            "admins": queries.managers_of(self.person),
        }


class EmailLinkView(LinkView):
    """The link in the letter. Who opens it elsewhere signs in first: somebody to whom it came by
    mistake would otherwise have another's account."""

    def exchange(self, request: HttpRequest, secret: str) -> HttpResponse:
        request.session[NEW_EMAIL] = secret
        return redirect("email-confirm")


class EmailConfirmView(PersonalView):
    """Take the new address."""

    http_method_names = ["get", "post"]

    def get(self, request: HttpRequest) -> HttpResponse:
        try:
            email = services.new_email(self.person, request.session.get(NEW_EMAIL, ""))
        except services.EmailLinkOver:
            return self._over()
        return render(request, "accounts/email_confirm.html", {"email": email})

    def post(self, request: HttpRequest) -> HttpResponse:
        key = cast(str, request.session.pop(NEW_EMAIL, ""))
        try:
            services.change_email(person=self.person, key=key)
        except services.EmailLinkOver:
            return self._over()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Your new address is saved."))
        return redirect("mfa_index")

    def _over(self) -> HttpResponse:
        self.request.session.pop(NEW_EMAIL, None)
        words = _("This link is over, or is for another account. Ask for a new one here.")
        messages.error(self.request, words)
        return redirect("mfa_index")
