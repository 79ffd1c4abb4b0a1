"""Where people are signed in."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from realtime_project.accounts import services
from realtime_project.accounts.admin.acting import ReadOnlyAdmin, admin_of, for_each
from realtime_project.accounts.models import Session


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """Where people are signed in. The keys, which would sign an admin in as them, are not shown."""

    list_display = ("person", "browser", "address", "seen", "created", "expire_date")
    list_display_links = None
    list_filter = ("seen", "created")
    list_select_related = ("person",)
    search_fields = ("person__username", "person__display_name", "address", "agent")
    search_help_text = _("A person, an address or a browser")
    ordering = ("-seen",)
    actions = ("end",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        sessions: QuerySet[Session] = super().get_queryset(request)
        return sessions.filter(expire_date__gt=timezone.now(), person__isnull=False)

    @admin.action(description=_("Sign out there, close sockets"), permissions=["change"])
    def end(self, request: HttpRequest, sessions: QuerySet[Session]) -> None:
        def act(session: Session) -> None:
            try:
                services.end_session(by=admin_of(request), session=session.pk)
            except Session.DoesNotExist as error:
                raise PermissionDenied from error

        for_each(request, sessions, act, gettext("Signed out: %(count)s."))
