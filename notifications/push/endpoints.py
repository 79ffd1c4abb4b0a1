"""To which addresses a push may go. They come from browsers, that is from anybody: without care
the server could be made to knock at its own network."""

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings

HTTPS = 443
MAX_LENGTH = 1_000
# Within these another address is written, to which a gateway would carry what we send.
_TRANSLATED = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
Address = IPv4Address | IPv6Address


class NotAllowed(Exception):
    """Nothing is sent there, and why."""


@dataclass(frozen=True)
class Endpoint:
    """Where a push service takes messages for one browser."""

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"https://{self.authority}"

    @property
    def is_ours(self) -> bool:
        """Whether the operator has named it: a push service of their own, in their network."""
        return f"{self.host}:{self.port}" in settings.PUSH_HOSTS or (
            self.port == HTTPS and self.host in settings.PUSH_HOSTS
        )


def read_endpoint(text: str) -> Endpoint:
    """Return the endpoint that a browser has named, or raise NotAllowed. Where its name leads is
    not asked before something is sent: it may lead elsewhere by then."""
    if len(text) > MAX_LENGTH or not text.isascii() or not text.isprintable() or " " in text:
        raise NotAllowed("It is not an address")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port or HTTPS
    except ValueError as error:
        raise NotAllowed("It is not an address") from error
    if parts.scheme != "https" or not host:
        raise NotAllowed("It is not an https address")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotAllowed("It has parts that no push service needs")
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    endpoint = Endpoint(host, port, path)
    if port != HTTPS and not endpoint.is_ours:
        raise NotAllowed("It is at another port than 443")
    return endpoint


def resolve(endpoint: Endpoint) -> str:
    """Return the address to connect to, or raise NotAllowed. The one that was checked is the one
    that is used: a name asked twice may answer twice differently."""
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ConnectionError(f"{endpoint.host} is not found: {error}") from error
    addresses = [str(info[4][0]) for info in found]
    if not endpoint.is_ours and not all(is_public(one) for one in addresses):
        raise NotAllowed(f"{endpoint.host} leads to an address that is not public")
    return addresses[0]


def is_public(text: str) -> bool:
    """Return whether an address lies in the internet at large."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    inner = _inner(address)
    if inner is not None:
        return is_public(str(inner))
    return address.is_global and not address.is_multicast and not _is_translated(address)


def _inner(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def _is_translated(address: Address) -> bool:
    return any(address in network for network in _TRANSLATED)
