"""Programs say who they are by a secret in `Authorization: Bearer`, never in an address, where
logs would keep it. What a secret is good for the accounts know: the module that `BEARERS` names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from django.conf import settings

READ = "read"
"""The scope of whoever is told of topics."""


@dataclass(frozen=True)
class Bearer:
    """Somebody's program."""

    person: int
    digest: str
    """What stands for the secret, as the digest of a session's key does for that."""
    scopes: frozenset[str]
    expires_in_seconds: float
    """Infinity where it does not."""
    is_noted: bool
    """Whether it is known already that it is in use."""


class Bearers(Protocol):
    """What the accounts answer."""

    def find(self, secret: str) -> Bearer | None:
        """Return whose secret it is, unless it is nobody's or over."""

    def note(self, digest: str) -> None:
        """Note that it is in use."""


def bearers() -> Bearers:
    return cast(Bearers, import_module(settings.BEARERS))


def secret_in(headers: Mapping[str, str]) -> str | None:
    """Return the secret that a request brings along, by its headers in lower case."""
    scheme, _, secret = headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else None


def challenge(*, scope: str = "") -> str:
    """Return what a refusal says of it in WWW-Authenticate (RFC 6750, section 3): that the secret
    is none, or lacks a scope."""
    if scope:
        return f'Bearer error="insufficient_scope", scope="{scope}"'
    return 'Bearer error="invalid_token"'
