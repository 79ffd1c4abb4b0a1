"""The kernel in Django admin: who lost access when, and which workers say so."""

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from realtime_project.live.models import Receipt, Revocation


class ReadOnly:
    """What happened is shown, not edited."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ReceiptInline(ReadOnly, admin.TabularInline):
    model = Receipt
    fields = ("worker", "sockets", "milliseconds")


@admin.register(Revocation)
class RevocationAdmin(ReadOnly, admin.ModelAdmin):
    """Sign-outs, deactivations and removals, with the receipts of the workers: how many sockets
    each of them closed, and after how many milliseconds."""

    list_display = ("created", "reason", "whose", "key", "workers", "sockets", "slowest")
    list_filter = ("reason", "created")
    search_fields = ("person_name", "receipts__worker")
    ordering = ("-rev",)
    fields = ("created", "reason", "whose", "key")
    readonly_fields = ("whose",)
    inlines = [ReceiptInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Revocation]:
        revoked: QuerySet[Revocation] = super().get_queryset(request)
        people = get_user_model().objects.filter(pk=OuterRef("person"))
        return revoked.annotate(
            person_name=Subquery(people.values("username")[:1]),
            worker_count=Count("receipts"),
            socket_count=Sum("receipts__sockets"),
            slowest_ms=Max("receipts__milliseconds"),
        )

    @admin.display(description=_("person"), ordering="person_name")
    def whose(self, revoked: Revocation) -> str:
        return _annotated(revoked, "person_name")

    @admin.display(description=_("workers"), ordering="worker_count")
    def workers(self, revoked: Revocation) -> str:
        return _annotated(revoked, "worker_count")

    @admin.display(description=_("sockets"), ordering="socket_count")
    def sockets(self, revoked: Revocation) -> str:
        return _annotated(revoked, "socket_count")

    @admin.display(description=_("slowest, in ms"), ordering="slowest_ms")
    def slowest(self, revoked: Revocation) -> str:
        return _annotated(revoked, "slowest_ms")


def _annotated(revoked: Revocation, name: str) -> str:
    value = getattr(revoked, name)
    return "–" if value is None else str(value)
