"""Addresses of people's own pages about notifications, and of what their inbox loads."""

from django.urls import path

from notifications import views
from notifications.mail.views import unsubscribe
from notifications.preferences.views import MuteView, PreferencesView

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/items", views.items, name="inbox-items"),
    path("settings/notifications/", PreferencesView.as_view(), name="notifications"),
    path("settings/notifications/mute/", MuteView.as_view(), name="notifications-mute"),
    path("mail/off/<str:token>/", unsubscribe, name="mail-off"),
]
