"""A second step at signing in: authenticator apps and recovery codes. A journey has a passkey."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from realtime_project.accounts.models import User
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

SIGNED_IN = "/live/session"


def sign_in(name: str = "alice") -> Client:
    browser = Client()
    browser.post("/accounts/login/", {"login": name, "password": PASSWORD})
    return browser


def code(secret: str, steps: int = 0) -> str:
    """What the app shows, now or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def set_up_app(browser: Client) -> str:
    """Turn an authenticator app on, and return the secret that it holds."""
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    browser.post("/accounts/2fa/totp/activate/", {"code": code(secret, -1)})
    return secret


def recovery_codes() -> list[str]:
    found: list[str] = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    return found


def is_in(browser: Client) -> bool:
    return browser.get(SIGNED_IN).status_code == 200


def test_with_an_app_a_password_alone_signs_nobody_in(alice: User):
    secret = set_up_app(sign_in())

    browser = sign_in()
    assert not is_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_in(browser)
    browser.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    assert is_in(browser)


def test_a_code_works_once(alice: User):
    secret = set_up_app(sign_in())
    shown = code(secret)
    sign_in().post("/accounts/2fa/authenticate/", {"code": shown})

    browser = sign_in()
    browser.post("/accounts/2fa/authenticate/", {"code": shown})

    assert not is_in(browser)


def test_a_recovery_code_signs_in_once(alice: User):
    set_up_app(sign_in())
    first, *others = recovery_codes()

    browser = sign_in()
    browser.post("/accounts/2fa/authenticate/", {"code": first})
    again = sign_in()
    again.post("/accounts/2fa/authenticate/", {"code": first})

    assert (is_in(browser), is_in(again)) == (True, False)
    assert recovery_codes() == others


def test_who_guesses_codes_has_to_wait(alice: User):
    set_up_app(sign_in())
    browser = sign_in()
    first, *_others = recovery_codes()
    for _ in range(6):
        browser.post("/accounts/2fa/authenticate/", {"code": "000000"})

    browser.post("/accounts/2fa/authenticate/", {"code": first})

    assert not is_in(browser)


def test_the_database_holds_no_secret_that_makes_codes(alice: User):
    secret = set_up_app(sign_in())
    codes = recovery_codes()

    stored = str(list(Authenticator.objects.values_list("data", flat=True)))

    assert secret not in stored
    assert not [one for one in codes if one in stored]


def test_a_renewed_key_of_the_installation_still_reads_what_the_old_one_wrote(
    alice: User, settings
):
    secret = set_up_app(sign_in())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one"

    browser = sign_in()
    browser.post("/accounts/2fa/authenticate/", {"code": code(secret)})

    assert is_in(browser)


def test_under_a_foreign_key_no_code_is_right(alice: User, settings):
    secret = set_up_app(sign_in())
    settings.SECRET_KEY = "another one"

    browser = sign_in()
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code(secret)})

    assert answer.status_code == 200
    assert not is_in(browser)


@pytest.mark.parametrize(
    "path",
    ["totp/activate/", "webauthn/add/", "recovery-codes/", "recovery-codes/generate/"],
)
def test_nothing_about_security_is_changed_without_showing_who_one_is(alice: User, path: str):
    set_up_app(sign_in())
    browser = Client()
    browser.force_login(alice)

    answer = browser.get(f"/accounts/2fa/{path}", follow=True)

    assert answer.redirect_chain[-1][0].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize("way", ["password", "code"])
def test_a_password_or_a_code_shows_who_one_is(alice: User, way: str):
    secret = set_up_app(sign_in())
    browser = Client()
    browser.force_login(alice)
    given = {"password": PASSWORD, "code": code(secret)}
    forms = {"password": "/accounts/reauthenticate/", "code": "/accounts/2fa/reauthenticate/"}

    assert f'action="{forms[way]}"' in browser.get(forms[way]).content.decode()
    browser.post(forms[way], {way: given[way]})

    assert browser.get("/accounts/2fa/recovery-codes/").status_code == 200


def test_turning_the_app_off_takes_the_codes_with_it(alice: User):
    browser = sign_in()
    set_up_app(browser)

    browser.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.exists()
    assert is_in(sign_in())


@pytest.mark.parametrize("credential", ["", "{}", "[]", "null", '{"response": 1}', "x" * 5000])
def test_an_invented_passkey_signs_nobody_in(alice: User, credential: str):
    browser = Client()
    browser.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})

    browser.post("/accounts/2fa/webauthn/login/", {"credential": credential})

    assert not is_in(browser)
