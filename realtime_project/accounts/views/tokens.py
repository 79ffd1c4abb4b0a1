"""The tokens of one's own programs."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.generic import FormView

from realtime_project.accounts import queries, services
from realtime_project.accounts.forms import TokenForm
from realtime_project.accounts.scopes import labels
from realtime_project.accounts.views.people import PersonalView


# A token outlives the session in which it was made: who finds a browser open makes none.
@method_decorator(reauthentication_required, name="dispatch")
class TokensView(PersonalView, FormView):
    form_class = TokenForm
    template_name = "accounts/tokens.html"

    def form_valid(self, form: TokenForm) -> HttpResponse:
        data = form.cleaned_data
        try:
            made, secret = services.make_token(
                by=self.person, name=data["name"], scopes=data["scopes"], lasts=form.lasts
            )
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        # Not after a redirect: the secret would have to be kept somewhere in between.
        context = self.get_context_data(form=TokenForm(), made=made, secret=secret)
        return self.render_to_response(context)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = [(token, labels(token.scopes)) for token in queries.tokens_of(self.person)]
        return super().get_context_data(**kwargs) | {"tokens": found}


class RevokeTokenView(PersonalView):
    """End a token."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: int) -> HttpResponse:
        try:
            revoked = services.revoke_token(by=self.person, token=token)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        messages.success(request, _("“%(name)s” is revoked.") % {"name": revoked})
        return redirect("tokens")
