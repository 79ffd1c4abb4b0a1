"""Django's admin, behind our sign-in page and our Content Security Policy."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from csp.constants import SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse


class Site(AdminSite):
    site_header = site_title = settings.SITE_NAME

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to our own sign-in: this one would let somebody guess passwords without an end."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        # Django's own scripts carry no nonce. They are files of ours, and none is inline.
        return csp_replace({"script-src": [SELF]})(super().admin_view(view, cacheable))
