"""What programs do things by."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import services
from realtime_project.accounts.admin.acting import ReadOnlyAdmin, admin_of, for_each
from realtime_project.accounts.forms import TokenForSomebodyForm
from realtime_project.accounts.models import Token
from realtime_project.accounts.scopes import labels


@admin.register(Token)
class TokenAdmin(ReadOnlyAdmin):
    """What programs do things by. One can be made for whomever one looks after, such as a bot."""

    list_display = ("name", "owner", "start", "good_for", "state_now", "seen", "created", "expires")
    list_display_links = None
    list_filter = ("created", "seen")
    list_select_related = ("owner",)
    search_fields = ("name", "start", "owner__username", "owner__display_name")
    actions = ("revoke",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return admin.ModelAdmin.has_add_permission(self, request)

    @admin.display(description=_("good for"))
    def good_for(self, token: Token) -> str:
        return ", ".join(map(str, labels(token.scopes)))

    @admin.display(description=_("state"))
    def state_now(self, token: Token) -> str:
        return str(token.state.label)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show the secret on the page that answers, and nowhere else."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TokenForSomebodyForm(request.POST or None)
        secret = _make_token(request, form) if form.is_valid() else ""
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Add token"),
            "opts": self.opts,
            "form": form,
            "secret": secret,
        }
        answer = TemplateResponse(request, "admin/accounts/new_token.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[Token]) -> None:
        def act(token: Token) -> None:
            try:
                services.revoke_token(by=admin_of(request), token=token.pk)
            except Token.DoesNotExist as error:
                raise PermissionDenied from error

        for_each(request, tokens, act, gettext("Revoked: %(count)s."))


def _make_token(request: HttpRequest, form: TokenForSomebodyForm) -> str:
    data = form.cleaned_data
    try:
        _token, secret = services.make_token(
            by=admin_of(request),
            owner=data["owner"],
            name=data["name"],
            scopes=data["scopes"],
            lasts=form.lasts,
        )
    except PermissionDenied:
        told = gettext("You may not do this to: %(names)s.") % {"names": data["owner"]}
        form.add_error("owner", told)
    except ValidationError as error:
        form.add_error(None, error)
    else:
        return secret
    return ""
