"""A browser names where its pushes go, and anybody can say that they are a browser."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from django.test import override_settings

from notifications.push import posting
from notifications.push.answers import MAX_WAIT, Verdict, judge, wait_of
from notifications.push.endpoints import NotAllowed, is_public, read_endpoint, resolve
from notifications.push.posting import Post, post
from tests.servers.certificate import make_certificate
from tests.servers.push_service import serve_push


@pytest.fixture(autouse=True)
def fresh_trust():
    """Certificates that a test trusts are trusted in that test alone."""
    posting.tls.cache_clear()
    yield
    posting.tls.cache_clear()


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Let every name lead to these addresses: at the first question, at the second, and so on."""
    left = list(answers)

    def ask(host, port, *args, **kwargs):
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", ask)


@pytest.mark.parametrize(
    "text",
    [
        "http://push.example.org/1",
        "https://push.example.org:8443/1",
        "https://push.example.org:22/1",
        "https://user:word@push.example.org/1",
        "https://@push.example.org/1",
        "https://push.example.org/1#x",
        "https:///1",
        "https://push.example.org:x/1",
        "https://push.example.org/a b",
        "https://push.example.org/\r\nHost: x",
        "https://päsh.example.org/1",
        "file:///etc/passwd",
        "//push.example.org/1",
        "https://push.example.org/" + "x" * 1_000,
        "",
    ],
)
def test_what_is_no_plain_https_address_is_no_endpoint(text: str):
    with pytest.raises(NotAllowed):
        read_endpoint(text)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 (an address to refuse)
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "64:ff9b::7f00:1",
        "nonsense",
    ],
)
def test_an_address_that_is_not_of_the_internet_is_refused(address: str, monkeypatch):
    leads_to(monkeypatch, [address])

    assert not is_public(address)
    with pytest.raises(NotAllowed):
        resolve(read_endpoint("https://push.example.org/1"))


@pytest.mark.parametrize("address", ["142.250.74.10", "2a00:1450:4001:80e::200a"])
def test_an_address_of_the_internet_is_taken(address: str, monkeypatch):
    leads_to(monkeypatch, [address])

    assert resolve(read_endpoint("https://push.example.org/1")) == address


def test_a_name_that_leads_to_both_is_refused(monkeypatch):
    leads_to(monkeypatch, ["142.250.74.10", "10.0.0.1"])

    with pytest.raises(NotAllowed):
        resolve(read_endpoint("https://push.example.org/1"))


def test_a_name_that_answers_differently_at_the_second_question_is_not_asked_twice(monkeypatch):
    leads_to(monkeypatch, ["142.250.74.10"], ["127.0.0.1"])
    connected = []

    def connect(address, timeout=None):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    answer = post(Post("https://push.example.org/1", {}, b"x"))

    assert connected == [("142.250.74.10", 443)]
    assert judge(answer.status) is Verdict.LATER


def test_nothing_is_sent_into_our_own_network(tmp_path):
    with serve_push(tmp_path) as (service, _certificate):
        answer = post(Post(f"{service.origin}/1", {}, b"x"))

        assert judge(answer.status) is Verdict.REFUSED
        assert service.requests == 0


def test_a_push_service_of_ones_own_can_be_named(tmp_path, monkeypatch):
    with serve_push(tmp_path) as (service, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with override_settings(PUSH_HOSTS=[service.host]):
            answer = post(Post(f"{service.origin}/1", {}, b"x"))

        assert (answer.status, service.requests) == (404, 1)


def test_who_shows_no_certificate_that_one_trusts_hears_nothing(tmp_path):
    with serve_push(tmp_path) as (service, _certificate):
        with override_settings(PUSH_HOSTS=[service.host]):
            answer = post(Post(f"{service.origin}/1", {}, b"x"))

        assert (answer.status, service.requests) == (0, 0)
        assert "certificate verify failed" in answer.trouble


def test_redirects_are_not_followed(tmp_path, monkeypatch):
    with serve_push(tmp_path) as (service, certificate), counting_server() as inside:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        service.will_answer(307, Location=f"http://127.0.0.1:{inside.server_port}/secret")
        with override_settings(PUSH_HOSTS=[service.host]):
            answer = post(Post(f"{service.origin}/1", {}, b"x"))

        assert judge(answer.status) is Verdict.REFUSED
        assert inside.asked == 0  # type: ignore[attr-defined]


def test_who_never_finishes_an_answer_is_cut_off(tmp_path, monkeypatch):
    """It says a letter now and then, so that no single wait is too long."""
    monkeypatch.setattr(posting, "PATIENCE", 1)
    with dripping_server(tmp_path) as (port, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with override_settings(PUSH_HOSTS=[f"127.0.0.1:{port}"]):
            answer = post(Post(f"https://127.0.0.1:{port}/1", {}, b"x"))

    assert judge(answer.status) is Verdict.LATER


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        (200, Verdict.SENT), (201, Verdict.SENT), (202, Verdict.SENT), (204, Verdict.SENT),
        (404, Verdict.GONE), (410, Verdict.GONE),
        (0, Verdict.LATER), (408, Verdict.LATER), (429, Verdict.LATER), (500, Verdict.LATER),
        (503, Verdict.LATER),
        (401, Verdict.KEY), (403, Verdict.KEY),
        (413, Verdict.TOO_LARGE),
        (301, Verdict.REFUSED), (400, Verdict.REFUSED), (418, Verdict.REFUSED),
    ],
)  # fmt: skip
def test_every_status_has_a_meaning(status: int, verdict: Verdict):
    assert judge(status) is verdict


def test_a_service_is_left_alone_for_as_long_as_it_asks():
    now = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)

    assert wait_of("120", now) == timedelta(minutes=2)
    assert wait_of("Mon, 23 Nov 2026 01:05:00 GMT", now) == timedelta(minutes=5)
    assert wait_of("Mon, 23 Nov 2026 00:05:00 GMT", now) == timedelta()
    assert wait_of("9" * 40, now) == MAX_WAIT
    for nonsense in ("", "soon", "-5", "1.5", "٣"):
        assert wait_of(nonsense, now) is None


class Counting(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.asked += 1  # type: ignore[attr-defined]

    do_GET = do_POST


@contextmanager
def counting_server() -> Iterator[ThreadingHTTPServer]:
    """A server of our own network, which counts who knocks."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    server.asked = 0  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def dripping_server(folder: Path) -> Iterator[tuple[int, Path]]:
    """A server that answers letter by letter, without an end, until it is left."""
    certificate = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.certificate, certificate.key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=drip, args=[listener, context], daemon=True)
        thread.start()
        yield int(listener.getsockname()[1]), certificate.certificate
        thread.join()


def drip(listener: socket.socket, context: ssl.SSLContext) -> None:
    client, _ = listener.accept()
    pause = Event()
    with suppress(OSError), context.wrap_socket(client, server_side=True) as talk:
        while True:
            talk.sendall(b"x")
            pause.wait(0.2)
