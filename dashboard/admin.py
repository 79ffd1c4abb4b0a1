"""The dashboard in Django admin: each part has its own."""

from dashboard.alerts import admin as alerts  # noqa: F401 (registers its own)
