"""System checks of the key by which browsers know this installation."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from notifications.push.identity import private_key


@register
def check_key(**kwargs: Any) -> list[CheckMessage]:
    try:
        private_key(settings.VAPID_PRIVATE_KEY)
    except ValueError:
        return [
            Error(
                "VAPID_PRIVATE_KEY is no key: it has to be 32 bytes of base64url, as "
                "`npx web-push generate-vapid-keys` prints them. Without it one is made.",
                id="signalbox.E020",
            )
        ]
    return []


@register
def check_contact(**kwargs: Any) -> list[CheckMessage]:
    if not settings.PUSH_CONTACT.startswith(("mailto:", "https://")):
        return [
            Error(
                "PUSH_CONTACT must begin with mailto: or https://, "
                f"not be “{settings.PUSH_CONTACT}”.",
                id="signalbox.E021",
            )
        ]
    return []
