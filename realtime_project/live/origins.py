"""Which pages may open a socket: a browser names the page's origin, and a page cannot forge it."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def is_ours(origin: str, host: str, *, trusted: Iterable[str], local_hosts: Iterable[str]) -> bool:
    """Return whether a page of this origin is one of ours.

    `trusted` are origins as the operator wrote them. On a machine without a public address the
    page must come from the very host and port that it connects to, and that must be loopback:
    a name that somebody else points at 127.0.0.1 is refused.
    """
    if origin in trusted:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.netloc == host and (parts.hostname or "") in local_hosts
