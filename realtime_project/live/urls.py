from django.urls import path

from realtime_project.live import views

app_name = "live"
urlpatterns = [
    path("session", views.session, name="session"),
    path("state", views.state, name="state"),
]
