"""Addresses of what a log view loads."""

from django.urls import path

from dashboard.logs import views

urlpatterns = [
    path("lines", views.lines, name="log-lines"),
    path("download", views.download, name="log-download"),
]
