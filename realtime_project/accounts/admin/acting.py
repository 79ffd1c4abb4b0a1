"""What the lists have in common: who acts, and that what changes something is a service's doing."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from realtime_project.accounts.models import User


def for_each(
    request: HttpRequest, chosen: QuerySet[Any], act: Callable[..., None], done: str
) -> None:
    """Do something to each chosen row, and say to how many, and to whom it may not be done."""
    refused = []
    rows = list(chosen)
    for row in rows:
        try:
            act(row)
        except PermissionDenied:
            refused.append(str(row))
    if len(rows) > len(refused):
        messages.success(request, done % {"count": len(rows) - len(refused)})
    if refused:
        told = gettext("You may not do this to: %(names)s.") % {"names": ", ".join(refused)}
        messages.error(request, told)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that only services change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        # Without an object it is asked for the actions of the list.
        return obj is None and super().has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def admin_of(request: HttpRequest) -> User:
    """Return who acts."""
    return cast(User, request.user)
