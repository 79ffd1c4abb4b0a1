"""Who this installation is to push services (RFC 8292): one key, made on the first start."""

import time
from datetime import timedelta
from functools import lru_cache

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings

from notifications.push.encryption import from_text, raw_public, to_text

VALID = timedelta(hours=12)
"""Half of what the RFC allows: a clock that is wrong by hours does no harm."""
KEY_SIZE = 32
_HEAD = to_text(msgspec.json.encode({"typ": "JWT", "alg": "ES256"}))


class Claims(msgspec.Struct, frozen=True):
    """For which push service a token is good, until when, and whom its people may write to."""

    aud: str
    exp: int
    sub: str


def public_key() -> str:
    """Return the key by which browsers subscribe: only who holds the private one can push."""
    return _public_of(settings.VAPID_PRIVATE_KEY)


def authorization(origin: str) -> str:
    """Return the header that tells the push service of an origin who sends."""
    claims = Claims(origin, int(time.time() + VALID.total_seconds()), settings.PUSH_CONTACT)
    signed = f"{_HEAD}.{to_text(msgspec.json.encode(claims))}"
    r, s = decode_dss_signature(
        private_key(settings.VAPID_PRIVATE_KEY).sign(signed.encode(), ec.ECDSA(SHA256()))
    )
    signature = to_text(r.to_bytes(KEY_SIZE) + s.to_bytes(KEY_SIZE))
    return f"vapid t={signed}.{signature}, k={public_key()}"


@lru_cache(maxsize=4)
def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Return the key that a setting holds. Raises ValueError for what is none."""
    raw = from_text(text)
    if len(raw) != KEY_SIZE:
        raise ValueError(f"A private key has {KEY_SIZE} bytes, not {len(raw)}")
    return ec.derive_private_key(int.from_bytes(raw), ec.SECP256R1())


@lru_cache(maxsize=4)
def _public_of(text: str) -> str:
    return to_text(raw_public(private_key(text).public_key()))
