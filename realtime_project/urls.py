"""Every address of the installation."""

from django.contrib import admin
from django.urls import include, path

from realtime_project.accounts.views import SetupView

urlpatterns = [
    path("", include("chat.urls")),
    path("live/", include("realtime_project.live.urls")),
    path("accounts/", include("allauth.urls")),
    path("setup/<str:token>/", SetupView.as_view(), name="setup"),
    path("admin/", admin.site.urls),
]
