"""Secrets do not get into lines that are kept, and no line takes long to look at."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.logs.redaction import REMOVED, Redaction

redaction = Redaction(["the-secret-key-of-this-place"])
SECRET = "h8Gd_72kslPq9"


@pytest.mark.parametrize(
    "line",
    [
        f"Authorization: Bearer {SECRET}",
        f"'authorization': 'Basic {SECRET}'",
        f"headers: {{'Cookie': 'sessionid={SECRET}; csrftoken={SECRET}'}}",
        f"Set-Cookie: sessionid={SECRET}; HttpOnly",
        f"X-API-Key: {SECRET}",
        f"token {SECRET} was sent",
        f"password={SECRET}",
        f"db_password = '{SECRET} {SECRET}'",
        f'{{"api_key": "{SECRET}", "user": "alice"}}',
        f"POST /login?user=alice&passwd={SECRET}&next=/",
        f"SECRET_KEY: {SECRET}",
        f"client_secret=>{SECRET}",
        f"postgres://alice:{SECRET}@db.example.org/live",
        f"sbx_{SECRET}",
        f"eyJhbGciOiJIUzI1NiJ9.{SECRET}.{SECRET}",
        f"ghp_{SECRET}{SECRET}",
        f"-----BEGIN RSA PRIVATE KEY-----\n{SECRET}\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_like_a_secret_is_taken_out(line: str):
    cleaned = redaction.clean(line)

    assert SECRET not in cleaned
    assert REMOVED in cleaned


def test_secrets_of_the_installation_are_known_word_by_word():
    assert (
        redaction.clean("starting with the-secret-key-of-this-place") == f"starting with {REMOVED}"
    )


@pytest.mark.parametrize(
    "line",
    ["GET /rooms/7/ 200 in 12 ms", "Alice's key opens the door", "5 tokens left for alice",
     "see https://example.org/docs/authors", "cookies are baked", "a risk of 7%"],
)  # fmt: skip
def test_what_is_no_secret_stays(line: str):
    assert redaction.clean(line) == line


def test_the_rest_of_a_line_stays():
    line = f"sign-in of alice failed: password={SECRET}, address 10.0.0.1"

    assert redaction.clean(line) == f"sign-in of alice failed: password={REMOVED}, address 10.0.0.1"


@given(st.text(max_size=300))
def test_nothing_raises(text: str):
    redaction.clean(text)


@pytest.mark.parametrize(
    "part",
    ["token", "password=", "a", "://a:", "Bearer ", "-----BEGIN PRIVATE KEY-----", "key-", "eyJ.",
     "'\"", "authorization", "secret\"' \t=", "sk_", "sbx_a"],
)  # fmt: skip
def test_a_hostile_line_costs_what_its_length_costs(part: str):
    def seconds(size: int) -> float:
        line = f"token{part * (size // len(part))}"
        began = time.process_time()
        for _ in range(3):
            redaction.clean(line)
        return time.process_time() - began

    short, long = seconds(8_192), seconds(8 * 8_192)

    # In proportion it is eight times as much; what grows with the square is sixty-four times.
    assert long < 24 * max(short, 0.001)
