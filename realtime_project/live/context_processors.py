"""What every template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from realtime_project.live.build import build


def site(request: HttpRequest) -> dict[str, Any]:
    """Return the installation's name and the build that it serves."""
    return {"site_name": settings.SITE_NAME, "build": build()}
