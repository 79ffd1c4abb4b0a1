from django.urls import include, path, register_converter
from django.urls.converters import IntConverter

from chat import views


class NumberConverter(IntConverter):
    """A number that fits into a column: a longer one is not found instead of an error."""

    regex = "[0-9]{1,18}"


register_converter(NumberConverter, "number")

rooms = [
    path("", views.rooms, name="rooms"),
    path("new/", views.room_new, name="room-new"),
    path("<number:room_id>/", views.room, name="room"),
    path("<number:room_id>/@<number:seq>", views.room, name="room-at"),
    path("<number:room_id>/@<number:seq>/why", views.why, name="why"),
    path("<number:room_id>/messages", views.history, name="room-history"),
    path("<number:room_id>/join/", views.join, name="room-join"),
    path("<number:room_id>/leave/", views.leave, name="room-leave"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("rooms/", include((rooms, "chat"))),
]
