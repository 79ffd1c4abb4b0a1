"""Chat in Django admin. What belongs to a stream is changed by the services alone, which number
the change and tell everybody; so rows are shown here, and actions call the same verbs as pages."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from chat import queries, services
from chat.forms import FactsForm, ReadingForm
from chat.models import Room
from realtime_project.accounts.models import User

FACTS = ("name", "topic", "is_history_open")
SHOWN = ("reading", "members")


class ArchivedFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("archived", _("Archived"))]

    def queryset(self, request: HttpRequest, rooms: QuerySet[Room]) -> QuerySet[Room]:
        if self.value() is None:
            return rooms
        return rooms.filter(archived__isnull=self.value() == "open")


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    form = FactsForm
    list_display = ("name", "topic", "is_private", "people", "number", "created", "archived")
    list_filter = ("is_private", ArchivedFilter, "is_default")
    search_fields = ("name", "topic")
    fields = (*FACTS, "is_default", "is_private", "number", "created", "archived", *SHOWN)
    readonly_fields = ("is_private", "number", "created", "archived", *SHOWN)
    actions = ["archive", "open_again"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        rooms: QuerySet[Room] = super().get_queryset(request)
        active = Q(memberships__is_active=True)
        return rooms.annotate(people=Count("memberships", filter=active))

    def get_urls(self) -> list[URLPattern]:
        read = path(
            "<int:room_id>/read/", self.admin_site.admin_view(self.read), name="chat_room_read"
        )
        return [read, *super().get_urls()]

    def save_model(self, request: HttpRequest, room: Room, form: ModelForm, change: bool) -> None:
        facts = {name: form.cleaned_data[name] for name in FACTS if name in form.changed_data}
        if facts:
            services.update_room(person=_admin(request), room=room.pk, **facts)
        # Of no stream: it says what becomes of people who are still to come.
        Room.objects.filter(pk=room.pk).update(is_default=room.is_default)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return False

    @admin.display(description=_("people"), ordering="people")
    def people(self, room: Room) -> int:
        count: int = room.people  # type: ignore[attr-defined]
        return count

    @admin.display(description=_("messages"))
    def reading(self, room: Room) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:chat_room_read", args=[room.pk]), _("Read them")
        )

    @admin.display(description=_("members"))
    def members(self, room: Room) -> str:
        # Not an inline: it would make a form for each, a third of a second for five hundred.
        members = room.memberships.active().select_related("person").order_by("person")
        rows = ((str(one.person), one.get_role_display(), one.joined.date()) for one in members)
        row = "<tr><td>{}</td><td>{}</td><td>{}</td></tr>"
        return format_html("<table>{}</table>", format_html_join("", row, rows))

    @admin.action(description=_("Archive the selected rooms"), permissions=["change"])
    def archive(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        self._set_archived(request, rooms, archived=True)

    @admin.action(description=_("Open the selected rooms again"), permissions=["change"])
    def open_again(self, request: HttpRequest, rooms: QuerySet[Room]) -> None:
        self._set_archived(request, rooms, archived=False)

    def read(self, request: HttpRequest, room_id: int) -> HttpResponse:
        """Show what was said in a room. Of a private one the admin first says what for, and that
        they read it stands in the log from then on."""
        room = get_object_or_404(Room, pk=room_id)
        if not self.has_view_permission(request, room):
            raise PermissionDenied
        form = ReadingForm(request.POST or None)
        context = {**self.admin_site.each_context(request), "room": room, "form": form}
        before = form.cleaned_data["before"] if form.is_valid() else None
        if room.is_private and not form.is_valid():
            return render(request, "admin/chat/room/reason.html", context)
        if room.is_private:
            self._log_reading(request, room, form.cleaned_data["reason"])
        context |= {"said": queries.newest_messages(room.pk, before=before)}
        return render(request, "admin/chat/room/read.html", context)

    def _set_archived(self, request: HttpRequest, rooms: QuerySet[Room], *, archived: bool) -> None:
        for room in rooms:
            try:
                services.archive_room(person=_admin(request), room=room.pk, archived=archived)
            except ValidationError as error:
                self.message_user(request, f"{room}: {' '.join(error.messages)}", messages.ERROR)
            else:
                self.log_change(request, room, [{"changed": {"fields": ["archived"]}}])

    def _log_reading(self, request: HttpRequest, room: Room, reason: str) -> None:
        LogEntry.objects.log_actions(
            user_id=_admin(request),
            queryset=[room],
            action_flag=CHANGE,
            change_message=f"Read messages of this private room: {reason}",
            single_object=True,
        )


def _admin(request: HttpRequest) -> int:
    return cast(User, request.user).pk
