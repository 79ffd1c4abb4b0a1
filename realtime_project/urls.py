"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path

from realtime_project.live.health import healthz, readyz
from realtime_project.live.language import catalogue
from realtime_project.live.views import connection

urlpatterns = [
    path("", include("chat.urls")),
    path("", include("dashboard.alerts.urls")),
    path("", include("notifications.urls")),
    path("", include("dashboard.urls")),
    path("", include("realtime_project.accounts.urls")),
    path("boards/logs/", include("dashboard.logs.urls")),
    path("live/", include("realtime_project.live.urls")),
    path("jsi18n/<str:build>/<str:language>.js", catalogue, name="catalogue"),
    path("connection/", connection, name="connection"),
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
]
