"""Addresses of people's own pages about notifications."""

from django.urls import path

from notifications.preferences.views import MuteView, PreferencesView

urlpatterns = [
    path("settings/notifications/", PreferencesView.as_view(), name="notifications"),
    path("settings/notifications/mute/", MuteView.as_view(), name="notifications-mute"),
]
