"""What every template knows about accounts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def sign_up(request: HttpRequest) -> dict[str, Any]:
    """Return whether visitors may make an account for themselves."""
    return {"is_signup_open": settings.SIGNUP == "open"}
