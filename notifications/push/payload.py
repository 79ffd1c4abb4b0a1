"""What the service worker is told: words, and where a click leads."""

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Sequence

import msgspec
from django.conf import settings

from notifications.push.encryption import MAX_PLAIN, to_text

MAX_TITLE = 120
CUT = "…"
_JOINERS = "\u200d\ufe0f"


class Button(msgspec.Struct, frozen=True):
    """A button on the notification: a POST to an address of this installation."""

    action: str
    title: str
    url: str


class Payload(msgspec.Struct, frozen=True, omit_defaults=True):
    """A notification as the service worker shows it. The same `tag` takes its own place."""

    title: str
    tag: str
    body: str = ""
    url: str = ""
    unread: int | None = None
    """For the badge on the icon of an installed page."""
    urgent: bool = False
    actions: Sequence[Button] = ()
    close: bool = False
    """Nothing is shown: what has this tag is taken away."""
    test: bool = False


def pack(payload: Payload, limit: int = MAX_PLAIN) -> bytes:
    """Return a payload as bytes, at most `limit`, its words cut as far as they have to be."""
    payload = msgspec.structs.replace(payload, title=_cut(payload.title, MAX_TITLE))
    whole = msgspec.json.encode(payload)
    if len(whole) <= limit:
        return whole
    if len(_with_body(payload, 0)) > limit:
        # What has no room for a single word has none for buttons either.
        payload = msgspec.structs.replace(payload, actions=())
    # How many characters still fit: bytes grow with characters, and never break one.
    sizes = range(len(payload.body) + 1)
    kept = bisect_right(sizes, limit, key=lambda size: len(_with_body(payload, size))) - 1
    return _with_body(payload, max(0, kept))


def topic(tag: str) -> str:
    """Return the name under which a newer message replaces an older one at the push service: at
    most 32 characters (RFC 8030, section 5.4), from which it can tell nothing."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"push:{tag}".encode(), hashlib.sha256)
    return to_text(digest[:24])


def _with_body(payload: Payload, size: int) -> bytes:
    return msgspec.json.encode(msgspec.structs.replace(payload, body=_cut(payload.body, size)))


def _cut(text: str, size: int) -> str:
    # What joins to nothing any more would show as a box.
    return text if len(text) <= size else text[:size].rstrip(_JOINERS) + CUT
