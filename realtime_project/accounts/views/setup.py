"""The page behind the one-time setup link."""

from typing import Any

from django.contrib.auth import login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import FormView

from realtime_project.accounts import browsers, services
from realtime_project.accounts.forms import OwnerForm


@method_decorator(never_cache, name="dispatch")
class SetupView(FormView):
    """Make the owner account; whoever comes second is told so."""

    form_class = OwnerForm
    template_name = "accounts/setup.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            services.check_setup_token(kwargs["token"])
            return super().dispatch(request, *args, **kwargs)
        except services.AlreadySetUp:
            return _closed(request, done=True)
        except PermissionDenied:
            return _closed(request, done=False)

    def form_valid(self, form: OwnerForm) -> HttpResponse:
        fields = {name: form.cleaned_data[name] for name in form.Meta.fields}
        owner = services.create_owner(password=form.cleaned_data["password1"], **fields)
        login(self.request, owner, backend="django.contrib.auth.backends.ModelBackend")
        response = redirect("home")
        browsers.remember(self.request, response, owner.pk)
        return response


def _closed(request: HttpRequest, *, done: bool) -> HttpResponse:
    return render(request, "accounts/setup_closed.html", {"done": done}, status=410)
