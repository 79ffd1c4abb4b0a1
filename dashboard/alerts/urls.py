"""Addresses of alerts: pages, what a message and an inbox post, and the API."""

from django.urls import include, path

from dashboard.alerts import api, editing, views

pages = [
    path("", views.alerts, name="now"),
    path("history/", views.history, name="history"),
    path("rules/", editing.rules, name="rules"),
    path("rules/new/", editing.rule, name="rule-new"),
    path("rules/<number:rule>/", editing.rule, name="rule"),
    path("rules/<number:rule>/delete/", editing.delete_rule, name="rule-delete"),
    path("silences/", editing.silences, name="silences"),
    path("silences/<number:silence>/end/", editing.end_silence, name="silence-end"),
    path("<number:alert>/", views.alert, name="alert"),
    path("<number:alert>/acknowledge", views.acknowledge, name="acknowledge"),
]

urlpatterns = [
    path("boards/alerts/", include((pages, "alerts"))),
    path("api/v1/alerts", api.alerts, name="api-alerts"),
    path("api/v1/alerts/<number:alert>/acknowledge", api.acknowledge, name="api-acknowledge"),
    path("api/v1/alerts/<number:alert>/silence", api.silence, name="api-silence"),
]
