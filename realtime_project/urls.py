"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path

from realtime_project.live.health import healthz, readyz

urlpatterns = [
    path("", include("chat.urls")),
    path("", include("realtime_project.accounts.urls")),
    path("live/", include("realtime_project.live.urls")),
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("admin/", admin.site.urls),
]
