"""Encrypting what a push service carries (RFC 8291, in the content coding of RFC 8188)."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAX_PLAIN = 3_993
"""What fits into the one record of 4,096 bytes that push services have to take (RFC 8291,
section 4): 86 bytes stand before it, a delimiter in it and the sum of 16 behind it."""
AUTH_SIZE = 16
PUBLIC_SIZE = 65
_SALT_SIZE = 16
_RECORD_SIZE = 4096
_LAST_RECORD = b"\x02"


def encrypt(
    plain: bytes,
    *,
    public_key: bytes,
    auth: bytes,
    salt: bytes | None = None,
    own: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """Return a message that only the browser with this key and secret can read.

    `salt` and `own` are new for each message; only the vectors of the RFC name them. Raises
    ValueError for what is no key, or is too long.
    """
    if len(plain) > MAX_PLAIN:
        raise ValueError(f"{len(plain)} bytes are more than one record holds")
    salt = salt or os.urandom(_SALT_SIZE)
    own = own or ec.generate_private_key(ec.SECP256R1())
    own_public = raw_public(own.public_key())
    shared = own.exchange(ec.ECDH(), read_public(public_key))
    secret = _derive(auth, b"WebPush: info\0" + public_key + own_public, 32, shared)
    key = _derive(salt, b"Content-Encoding: aes128gcm\0", 16, secret)
    nonce = _derive(salt, b"Content-Encoding: nonce\0", 12, secret)
    head = salt + _RECORD_SIZE.to_bytes(4) + len(own_public).to_bytes(1) + own_public
    return head + AESGCM(key).encrypt(nonce, plain + _LAST_RECORD, None)


def read_public(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key that stands in a subscription. Raises ValueError for what is not a
    point of the curve, written out in full."""
    if len(raw) != PUBLIC_SIZE:
        raise ValueError(f"A public key has {PUBLIC_SIZE} bytes, not {len(raw)}")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def raw_public(key: ec.EllipticCurvePublicKey) -> bytes:
    """Return a public key as subscriptions and headers carry it."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def to_text(raw: bytes) -> str:
    """Return bytes in the alphabet of addresses, without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Return what `to_text` was given. Raises ValueError for what it cannot have returned."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _derive(salt: bytes, info: bytes, size: int, material: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=info).derive(material)
