"""Addresses of alerts: pages, what a message and an inbox post, and the API."""

from django.urls import include, path

from dashboard.alerts import views

pages = [
    path("<int:alert>/", views.alert, name="alert"),
    path("<int:alert>/acknowledge", views.acknowledge, name="acknowledge"),
]

urlpatterns = [path("boards/alerts/", include((pages, "alerts")))]
