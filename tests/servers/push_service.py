"""A push service that speaks the real protocol, and the browsers that it brings messages to.

It is as strict as the real ones: who sends has to say so by a token for this origin, signed with
the key by which the browser has subscribed (RFC 8292), how long and how urgently (RFC 8030); and
the browser has to be able to read it (RFC 8291).
"""

import json
import os
import re
import ssl
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Event, Thread
from typing import Any, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.servers.certificate import make_certificate

MAX_BODY = 4096
A_DAY = 24 * 3600
TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")
TOKEN = re.compile(r"vapid t=([\w.-]+), ?k=([\w-]+)")
URGENCIES = {"very-low", "low", "normal", "high"}


@dataclass(frozen=True)
class Pushed:
    """A message as the browser reads it, and what its sender said of it."""

    payload: dict[str, Any]
    topic: str
    urgency: str
    ttl: int
    claims: dict[str, Any]
    size: int


@dataclass
class Browser:
    """What has subscribed: its keys, and what it was brought."""

    endpoint: str
    application_key: str
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    received: list[Pushed] = field(default_factory=list)

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` gives it."""
        keys = {"p256dh": to_text(self.public), "auth": to_text(self.auth)}
        return {"endpoint": self.endpoint, "expirationTime": None, "keys": keys}

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def read(self, body: bytes) -> bytes:
        """Decrypt a message; raises for what was not meant for it."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, cipher = body[21 : 21 + length], body[21 + length :]
        if len(cipher) > size:
            raise ValueError("more than one record")
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        info = b"WebPush: info\x00" + self.public + sender
        secret = derive(self.auth, info, 32, self.private.exchange(ec.ECDH(), key))
        content_key = derive(salt, b"Content-Encoding: aes128gcm\x00", 16, secret)
        nonce = derive(salt, b"Content-Encoding: nonce\x00", 12, secret)
        padded = AESGCM(content_key).decrypt(nonce, cipher, None).rstrip(b"\x00")
        if padded[-1:] != b"\x02":
            raise ValueError("not the last record")
        return padded[:-1]


class PushService:
    """Brings messages, or answers whatever it was told to."""

    def __init__(self, port: int) -> None:
        self.origin = f"https://127.0.0.1:{port}"
        self.host = f"127.0.0.1:{port}"
        self.browsers: dict[str, Browser] = {}
        self.answers: list[tuple[int, dict[str, str]]] = []
        """What it answers next, whoever asks, before it does its work again."""
        self.limit = MAX_BODY
        self.requests = 0
        self.complaints: list[str] = []
        self._changed = Condition()
        self._may_answer = Event()
        self._may_answer.set()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Take messages and bring them, and say so to nobody before the end of this."""
        self._may_answer.clear()
        try:
            yield
        finally:
            self._may_answer.set()

    def subscribe(self, application_key: str) -> Browser:
        path = f"/push/{to_text(os.urandom(12))}"
        browser = Browser(self.origin + path, application_key)
        self.browsers[path] = browser
        return browser

    def will_answer(self, status: int, **headers: str) -> None:
        self.answers.append((status, {k.replace("_", "-"): v for k, v in headers.items()}))

    def wait_for(self, browser: Browser, count: int, seconds: float = 60) -> list[Pushed]:
        """Wait until a browser was brought so many messages."""
        with self._changed:
            arrived = self._changed.wait_for(lambda: len(browser.received) >= count, seconds)
        assert arrived, f"{len(browser.received)} of {count} came. {self.complaints}"
        return browser.received

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        self.requests += 1
        if self.answers:
            return self.answers.pop(0)
        browser = self.browsers.get(path)
        if browser is None:
            return 404, {}
        if len(body) > self.limit:
            return 413, {}
        try:
            claims = self._who_sends(headers, browser)
        except (ValueError, InvalidSignature, KeyError) as error:
            self.complaints.append(f"403 {error!r}")
            return 403, {}
        try:
            pushed = self._read(headers, body, browser, claims)
        except (ValueError, KeyError) as error:
            self.complaints.append(f"400 {error!r}")
            return 400, {}
        with self._changed:
            browser.received.append(pushed)
            self._changed.notify_all()
        self._may_answer.wait(60)
        return 201, {"Location": f"{self.origin}/message/1"}

    def _who_sends(self, headers: dict[str, str], browser: Browser) -> dict[str, Any]:
        found = TOKEN.fullmatch(headers["authorization"])
        if found is None:
            raise ValueError(headers["authorization"])
        token, key = found.groups()
        if key != browser.application_key:
            raise ValueError("another key than the one that it has subscribed with")
        signed, _, signature = token.rpartition(".")
        raw = from_text(signature)
        if len(raw) != 64:
            raise ValueError("not a signature of ES256")
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_text(key)).verify(
            encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
            signed.encode(),
            ec.ECDSA(SHA256()),
        )
        head, claims = (json.loads(from_text(part)) for part in signed.split("."))
        now = time.time()
        if head != {"typ": "JWT", "alg": "ES256"} or claims["aud"] != self.origin:
            raise ValueError(f"{head} {claims}")
        if not now < claims["exp"] <= now + A_DAY:
            raise ValueError(f"expires at {claims['exp']}")
        if not claims["sub"].startswith(("mailto:", "https:")):
            raise ValueError(f"nobody to write to: {claims['sub']}")
        return cast(dict[str, Any], claims)

    def _read(
        self, headers: dict[str, str], body: bytes, browser: Browser, claims: dict[str, Any]
    ) -> Pushed:
        if headers["content-encoding"] != "aes128gcm" or headers["urgency"] not in URGENCIES:
            raise ValueError(str(headers))
        if not TOPIC.fullmatch(headers["topic"]):
            raise ValueError(headers["topic"])
        payload = json.loads(browser.read(body))
        return Pushed(
            payload, headers["topic"], headers["urgency"], int(headers["ttl"]), claims, len(body)
        )


@contextmanager
def serve_push(folder: Path) -> Iterator[tuple[PushService, Path]]:
    """Serve it with TLS; gives it, and the certificate that whoever sends has to trust."""
    certificate = make_certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.service = PushService(server.server_port)  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.service, certificate.certificate  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        service: PushService = self.server.service  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        status, said = service.answer(self.path, headers, body)
        self.send_response(status)
        for name, value in ({"Content-Length": "0"} | said).items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Say nothing: the test reads what matters from the service."""


def derive(salt: bytes, info: bytes, size: int, material: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=size, salt=salt, info=info).derive(material)


def to_text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
