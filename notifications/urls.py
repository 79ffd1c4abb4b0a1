"""Addresses of people's own pages about notifications, and of what their inbox loads."""

from django.urls import path

from notifications import api, views
from notifications.preferences.views import MuteView, PreferencesView

urlpatterns = [
    path("api/v1/notify/<path:target>", api.notify, name="notify"),
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/items", views.items, name="inbox-items"),
    path("settings/notifications/", PreferencesView.as_view(), name="notifications"),
    path("settings/notifications/mute/", MuteView.as_view(), name="notifications-mute"),
]
