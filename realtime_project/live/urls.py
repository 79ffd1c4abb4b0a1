from django.urls import path

from realtime_project.live import posting, views

app_name = "live"
urlpatterns = [
    path("session", views.session, name="session"),
    path("state", views.state, name="state"),
    path("streams", posting.streams, name="streams"),
    path("commands", posting.commands, name="commands"),
]
