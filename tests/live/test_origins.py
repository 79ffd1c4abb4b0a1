"""Which pages may open a socket."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.origins import is_ours

TRUSTED = ["https://chat.example.org", "https://team.example.org:8443"]
LOCAL = ["localhost", "127.0.0.1", "::1"]


@pytest.mark.parametrize("origin", TRUSTED)
def test_a_page_of_the_public_address_is_ours(origin):
    assert check(origin, host="chat.example.org")


@pytest.mark.parametrize(
    "origin",
    [
        "http://chat.example.org",
        "https://chat.example.org:444",
        "https://chat.example.org.evil.test",
        "https://evil.test/https://chat.example.org",
        "https://chat.example.org@evil.test",
        "https://CHAT.example.org",
        "null",
        "",
    ],
)
def test_a_page_of_another_address_is_not_ours(origin):
    assert not check(origin, host="chat.example.org")


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000", "localhost"])
def test_on_ones_own_machine_a_page_of_the_same_host_and_port_is_ours(host):
    assert check(f"http://{host}", host=host)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:3000", "localhost:8000"),
        ("http://127.0.0.1:8000", "localhost:8000"),
        ("https://localhost:8000", "localhost:8000"),
        ("file://localhost", "localhost"),
        ("", ""),
        ("http://", ""),
    ],
)
def test_another_page_on_the_same_machine_is_not_ours(origin, host):
    assert not check(origin, host=host)


def test_a_name_that_somebody_points_at_loopback_is_not_ours():
    assert not check("http://rebind.evil.test:8000", host="rebind.evil.test:8000")


@pytest.mark.parametrize("origin", ["http://[::1", "http://[", "http://[v]:8000", "http://a]"])
def test_an_origin_that_is_no_address_is_not_ours(origin):
    assert not check(origin, host=origin.removeprefix("http://"))


@given(st.text(), st.text())
def test_nonsense_is_not_ours(origin, host):
    assert not check(origin, host) or host.partition(":")[0] in LOCAL


def check(origin: str, host: str) -> bool:
    return is_ours(origin, host, trusted=TRUSTED, local_hosts=LOCAL)
