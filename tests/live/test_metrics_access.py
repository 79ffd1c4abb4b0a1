"""Who may read the metrics: this very machine, or whoever has the token."""

from typing import Any

import pytest
from django.conf import settings

from realtime_project.live.checks import check_metrics_token
from realtime_project.live.exposition import BEHIND_PROXY, may_read

TOKEN = "a token that nobody guesses"


def scope(client: object = ("127.0.0.1", 40_000), **headers: str) -> dict[str, Any]:
    headers.setdefault("host", "127.0.0.1:8000")
    named = [(name.replace("_", "-").encode(), told.encode()) for name, told in headers.items()]
    return {"type": "http", "path": "/metrics", "client": client, "headers": named}


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setattr(settings, "METRICS_TOKEN", TOKEN)


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000", "LOCALHOST:80"])
def test_somebody_on_this_machine_may_read(address, host):
    assert may_read(scope((address, 40_000), host=host))


@pytest.mark.parametrize(
    "client", [("192.0.2.7", 40_000), ("::ffff:192.0.2.7", 40_000), ("10.0.0.1", 1), ("", 1)]
)
def test_another_machine_may_not(client):
    assert not may_read(scope(client))


@pytest.mark.parametrize("client", [None, (), ("unix", 1), ("", 0)])
def test_a_unix_socket_is_a_proxys_and_not_somebody_here(client):
    assert not may_read(scope(client))


@pytest.mark.parametrize(
    "header",
    [
        "x_forwarded_for",
        "x_forwarded_proto",
        "x_forwarded_host",
        "forwarded",
        "x_real_ip",
        "x_client_ip",
        "via",
    ],
)
@pytest.mark.parametrize("told", ["127.0.0.1", ""])
def test_what_came_through_a_proxy_on_this_machine_may_not(header, told):
    assert not may_read(scope(**{header: told}))


def test_an_address_that_a_header_claimed_is_not_believed():
    claimed = scope(("127.0.0.1", 0))
    behind = scope() | {"extensions": {BEHIND_PROXY: {}}}

    assert not may_read(claimed)
    assert not may_read(behind)


@pytest.mark.parametrize(
    "host", ["chat.example.org", "127.0.0.1.example.org", "", "[", "localhost@example.org"]
)
def test_a_request_for_another_name_is_a_proxys_or_a_rebound_pages(host):
    assert not may_read(scope(host=host))


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_the_token_opens_from_anywhere(scheme):
    far = scope(None, host="chat.example.org", x_forwarded_for="192.0.2.7")
    assert not may_read(far)

    far["headers"].append((b"authorization", f"{scheme} {TOKEN}".encode()))

    assert may_read(far)


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    "told", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}"]
)
def test_another_token_does_not(told):
    assert not may_read(scope(("192.0.2.7", 1), authorization=told))


@pytest.mark.parametrize("told", ["Bearer ", "Bearer", ""])
def test_without_a_token_in_the_settings_no_token_opens(told):
    assert settings.METRICS_TOKEN == ""
    assert not may_read(scope(("192.0.2.7", 1), authorization=told))


def test_a_short_token_is_refused_on_start(monkeypatch):
    assert check_metrics_token() == []
    monkeypatch.setattr(settings, "METRICS_TOKEN", "short")
    assert [error.id for error in check_metrics_token()] == ["signalbox.E005"]
    monkeypatch.setattr(settings, "METRICS_TOKEN", TOKEN)
    assert check_metrics_token() == []
