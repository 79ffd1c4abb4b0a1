"""Every address of the installation."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from realtime_project.accounts.views import SetupView
from realtime_project.live.health import healthz, readyz

# The admin's own sign-in page would let somebody guess passwords without an end.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", include("chat.urls")),
    path("live/", include("realtime_project.live.urls")),
    path("accounts/", include("allauth.urls")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("setup/<str:token>/", SetupView.as_view(), name="setup"),
    path("admin/", admin.site.urls),
]
