"""Who sends: by a token in a header, in each of the ways that programs know. Pure.

Never in an address, where logs and proxies keep it.
"""

import binascii
from base64 import b64decode
from collections.abc import Collection, Mapping

# By which version 1 of the protocol's clients put them into addresses, and others do.
IN_ADDRESS = frozenset({"p", "token", "password"})


def secret_in(headers: Mapping[str, str]) -> str | None:
    """Return the token that a request brings along, by its headers in lower case: as `Bearer`, as
    `Token` (Influx 2 and Telegraf), or as the password of `Basic` (Influx 1), whoever the user."""
    scheme, _, said = headers.get("authorization", "").partition(" ")
    said = said.strip()
    match scheme.lower():
        case "bearer":
            return said
        case "token":
            # Some clients of version 1 write “name:token”.
            return said.rpartition(":")[2]
        case "basic":
            return _password(said)
    return None


def is_in_address(query: Collection[str]) -> bool:
    """Return whether an address holds a secret, which is then none any more."""
    return not IN_ADDRESS.isdisjoint(query)


def _password(said: str) -> str | None:
    try:
        return b64decode(said, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return None
