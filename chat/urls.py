from django.urls import include, path

from chat import views

rooms = [
    path("", views.rooms, name="rooms"),
    path("new/", views.room_new, name="room-new"),
    path("<int:room_id>/", views.room, name="room"),
    path("<int:room_id>/@<int:seq>", views.room, name="room-at"),
    path("<int:room_id>/messages", views.history, name="room-history"),
    path("<int:room_id>/join/", views.join, name="room-join"),
    path("<int:room_id>/leave/", views.leave, name="room-leave"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("rooms/", include((rooms, "chat"))),
]
