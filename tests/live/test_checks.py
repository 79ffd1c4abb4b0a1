"""Settings that do not go together are refused in a sentence."""

import pytest

from realtime_project.live import checks


def messages(check) -> list[str]:
    return [f"{one.id}: {one.msg}" for one in check()]


def all_messages() -> list[str]:
    return [
        text
        for check in (
            checks.check_site_url,
            checks.check_signup,
            checks.check_layer,
            checks.check_debug,
        )
        for text in messages(check)
    ]


def test_the_defaults_are_fine():
    assert all_messages() == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("chat.example.org", "E001"),
        ("ftp://chat.example.org", "E001"),
        ("https://", "E001"),
        ("https://chat.example.org/team", "E002"),
        ("https://chat.example.org:443", "E002"),
        ("https://Chat.Example.org", "E002"),
        ("http://chat.example.org:80", "E002"),
    ],
)
def test_an_address_that_no_browser_would_send_is_refused(settings, url: str, code: str):
    settings.SITE_URL = url

    [text] = messages(checks.check_site_url)

    assert code in text
    assert "SITE_URL must" in text


@pytest.mark.parametrize(
    "url", ["https://chat.example.org", "http://localhost:8000", "http://[::1]:8000"]
)
def test_an_address_as_browsers_write_it_is_fine(settings, url: str):
    settings.SITE_URL = url

    assert messages(checks.check_site_url) == []


def test_signing_up_is_open_or_closed(settings):
    settings.SIGNUP = "maybe"

    assert "“open” or “closed”, not “maybe”" in messages(checks.check_signup)[0]


def test_a_layer_that_drops_messages_is_refused(settings):
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer"}}

    assert "pub/sub layer" in messages(checks.check_layer)[0]


def test_showing_the_inside_to_visitors_is_warned_of(settings):
    settings.DEBUG, settings.SITE_URL = True, "https://chat.example.org"

    assert "DEBUG" in messages(checks.check_debug)[0]
