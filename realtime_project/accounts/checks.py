"""System checks of who may invite."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register
def check_inviters(**kwargs: Any) -> list[CheckMessage]:
    if settings.INVITERS not in ("staff", "everybody"):
        return [
            Error(
                f"INVITERS must be “staff” or “everybody”, not “{settings.INVITERS}”.",
                id="signalbox.E010",
            )
        ]
    return []
