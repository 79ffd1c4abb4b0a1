"""Links by which people come."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import services
from realtime_project.accounts.admin.acting import ReadOnlyAdmin, admin_of, for_each
from realtime_project.accounts.models import Invitation


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("open")), ("over", _("over"))]

    def queryset(
        self, request: HttpRequest, invitations: QuerySet[Invitation]
    ) -> QuerySet[Invitation]:
        is_open = Invitation.objects.open_at(timezone.now()).values("pk")
        if self.value() == "open":
            return invitations.filter(pk__in=is_open)
        if self.value() == "over":
            return invitations.exclude(pk__in=is_open)
        return invitations


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "state_now", "uses", "max_uses", "created_by", "created", "expires")
    list_filter = (StateFilter, "created")
    list_select_related = ("created_by",)
    search_fields = ("note", "created_by__username", "created_by__display_name")
    fields = (
        "note",
        "state_now",
        "uses",
        "max_uses",
        "created_by",
        "created",
        "expires",
        "revoked",
    )
    actions = ("revoke",)

    @admin.display(description=_("state"))
    def state_now(self, invitation: Invitation) -> str:
        return str(invitation.state.label)

    @admin.action(description=_("Revoke"), permissions=["change"])
    def revoke(self, request: HttpRequest, invitations: QuerySet[Invitation]) -> None:
        for_each(
            request,
            invitations,
            lambda one: services.revoke_invitation(by=admin_of(request), invitation=one.pk),
            gettext("Revoked: %(count)s."),
        )
