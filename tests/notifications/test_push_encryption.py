"""What a push service carries can be read by the browser alone, and says who has sent it."""

import json

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import override_settings

from notifications.push.encryption import MAX_PLAIN, encrypt, from_text, to_text
from notifications.push.identity import authorization, private_key, public_key
from tests.servers.push_service import Browser

# RFC 8291, appendix A.
PLAIN = "When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
RECEIVER_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl"
    "zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_a_message_is_encrypted_as_in_the_rfc():
    message = encrypt(
        PLAIN.encode(),
        public_key=from_text(RECEIVER_PUBLIC),
        auth=from_text(AUTH),
        salt=from_text(SALT),
        own=private_key(SENDER),
    )

    assert to_text(message) == MESSAGE


def test_the_browser_of_the_rfc_reads_it():
    browser = Browser("", "", private=private_key(RECEIVER), auth=from_text(AUTH))

    assert browser.read(from_text(MESSAGE)) == PLAIN.encode()


def test_the_longest_message_fills_a_record_and_a_longer_one_is_refused():
    browser = Browser("", "")

    message = encrypt(b"x" * MAX_PLAIN, public_key=browser.public, auth=browser.auth)

    assert len(message) == 4096
    assert browser.read(message) == b"x" * MAX_PLAIN
    with pytest.raises(ValueError, match="more than one record"):
        encrypt(b"x" * (MAX_PLAIN + 1), public_key=browser.public, auth=browser.auth)


def test_nobody_else_can_read_it():
    bobs, mallorys = Browser("", ""), Browser("", "")
    message = encrypt(b"for Bob", public_key=bobs.public, auth=bobs.auth)

    with pytest.raises(InvalidTag):
        mallorys.read(message)


@pytest.mark.parametrize("raw", [b"", b"\x04" + b"\x01" * 64, b"\x02" + b"\x00" * 32])
def test_what_is_not_on_the_curve_is_no_key(raw: bytes):
    with pytest.raises(ValueError, match=r".*"):
        encrypt(b"x", public_key=raw, auth=b"a" * 16)


def test_a_token_names_one_push_service_and_somebody_to_write_to():
    with override_settings(PUSH_CONTACT="mailto:ops@example.org"):
        head = authorization("https://push.example.org")

    token = head.removeprefix("vapid t=").partition(",")[0]
    claims = json.loads(from_text(token.split(".")[1]))
    assert claims["aud"] == "https://push.example.org"
    assert claims["sub"] == "mailto:ops@example.org"
    assert head.endswith(f", k={public_key()}")


def test_the_key_is_the_same_for_every_process_of_an_installation(tmp_path):
    from realtime_project import installation

    first = installation.secret(tmp_path / "vapid_key", size=32)

    assert installation.secret(tmp_path / "vapid_key", size=32) == first
    assert (tmp_path / "vapid_key").stat().st_mode & 0o777 == 0o600
    assert isinstance(private_key(first).curve, ec.SECP256R1)
