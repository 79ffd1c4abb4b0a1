"""System checks: bad combinations of settings are refused in a sentence."""

from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

MIN_TOKEN_LENGTH = 16


@register
def check_site_url(**kwargs: Any) -> list[CheckMessage]:
    parts = urlsplit(settings.SITE_URL)
    if settings.SITE_URL and (parts.scheme not in ("http", "https") or not parts.hostname):
        return [
            Error(
                "SITE_URL must be the full address at which people open the pages, "
                f"such as https://chat.example.org, not “{settings.SITE_URL}”.",
                id="signalbox.E001",
            )
        ]
    if settings.SITE_URL and _as_origin(parts) != settings.SITE_URL:
        return [
            Error(
                f"SITE_URL must be written as browsers write an origin: “{_as_origin(parts)}”, "
                f"not “{settings.SITE_URL}”.",
                id="signalbox.E002",
            )
        ]
    return []


@register
def check_signup(**kwargs: Any) -> list[CheckMessage]:
    if settings.SIGNUP not in ("invite", "open", "closed"):
        return [
            Error(
                f"SIGNUP must be “invite”, “open” or “closed”, not “{settings.SIGNUP}”.",
                id="signalbox.E003",
            )
        ]
    return []


@register
def check_layer(**kwargs: Any) -> list[CheckMessage]:
    backend = settings.CHANNEL_LAYERS["default"]["BACKEND"]
    if backend.startswith("channels_redis.core."):
        return [
            Error(
                "The core Redis layer drops messages of busy channels and forgets groups after a "
                "day. Set REDIS_URL, which chooses the pub/sub layer.",
                id="signalbox.E004",
            )
        ]
    return []


@register
def check_metrics_token(**kwargs: Any) -> list[CheckMessage]:
    if 0 < len(settings.METRICS_TOKEN) < MIN_TOKEN_LENGTH:
        return [
            Error(
                "METRICS_TOKEN can be guessed: it must have at least "
                f"{MIN_TOKEN_LENGTH} characters.",
                id="signalbox.E005",
            )
        ]
    return []


@register
def check_debug(**kwargs: Any) -> list[CheckMessage]:
    if settings.DEBUG and settings.SITE_URL:
        return [
            Warning(
                "DEBUG shows visitors the program's inside: turn it off when SITE_URL is set.",
                id="signalbox.W001",
            )
        ]
    return []


def _as_origin(parts: SplitResult) -> str:
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in (None, default) else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{parts.scheme}://{host}{port}"
