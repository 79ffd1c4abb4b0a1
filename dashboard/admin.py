"""The dashboard in Django admin: each part has its own."""

from dashboard.alerts import admin as alerts  # noqa: F401 (registers its own)
from dashboard.boards import admin as boards  # noqa: F401 (registers its own)
from dashboard.ingest import admin as ingest  # noqa: F401 (registers its own)
