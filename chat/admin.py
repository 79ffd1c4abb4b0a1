"""Chat in Django admin. Rows of a stream are shown, not edited: what changes them goes through
the services, which number the change and tell everybody."""

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest

from chat.models import Room


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin):
    list_display = ("name", "topic", "is_private", "people", "number", "created")
    list_filter = ("is_private",)
    search_fields = ("name", "topic")
    fields = ("name", "topic", "is_private", "is_history_open", "is_default", "number", "created")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Room]:
        rooms: QuerySet[Room] = super().get_queryset(request)
        active = Q(memberships__is_active=True)
        return rooms.annotate(people=Count("memberships", filter=active))

    @admin.display(description="people", ordering="people")
    def people(self, room: Room) -> int:
        count: int = room.people  # type: ignore[attr-defined]
        return count

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        return False
