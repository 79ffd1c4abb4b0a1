"""What the pages of somebody who is signed in have in common."""

from typing import Any, cast

from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from realtime_project.accounts.models import User


@method_decorator(never_cache, name="dispatch")
class PersonalView(LoginRequiredMixin, View):
    """A page of one's own."""

    person: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.person = cast(User, request.user)
        return super().dispatch(request, *args, **kwargs)
