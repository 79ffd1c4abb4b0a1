"""Addresses of people's own pages about notifications, and of what their inbox loads."""

from django.urls import path

from notifications import api, views
from notifications.mail.views import unsubscribe
from notifications.preferences.views import MuteView, PreferencesView
from notifications.push import views as push
from notifications.traces.views import why

urlpatterns = [
    path("api/v1/notify/<path:target>", api.notify, name="notify"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/items", views.items, name="inbox-items"),
    path("inbox/why/", why, name="why"),
    path("settings/notifications/", PreferencesView.as_view(), name="notifications"),
    path("settings/notifications/mute/", MuteView.as_view(), name="notifications-mute"),
    path("mail/off/<str:token>/", unsubscribe, name="mail-off"),
    path("settings/notifications/push/", push.devices, name="push"),
    path("settings/notifications/push/<int:device>/", push.device, name="push-device"),
    path("settings/notifications/push/<int:device>/test/", push.test, name="push-test"),
    path(
        "settings/notifications/push/<int:device>/remove/",
        push.RemoveView.as_view(),
        name="push-remove",
    ),
    path("sw.js", push.worker, name="push-worker"),
    path("manifest.webmanifest", push.manifest, name="manifest"),
]
