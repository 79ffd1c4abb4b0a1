"""Signing in and out, and who may sign up."""

import re

import pytest
from django.core import mail
from django.test import Client

from realtime_project.accounts.models import User
from tests.cast import PASSWORD, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("login", ["alice", "alice@example.org"])
def test_a_name_or_an_address_signs_in(alice: User, login: str):
    browser = Client()

    browser.post("/accounts/login/", {"login": login, "password": PASSWORD})

    assert browser.get("/live/session").json()["person"] == alice.pk


def test_a_wrong_password_signs_nobody_in(alice: User):
    browser = Client()

    answer = browser.post("/accounts/login/", {"login": "alice", "password": "guessed"})

    assert answer.status_code == 200
    assert browser.get("/live/session").status_code == 401


def test_who_is_signed_out_is_nobody(alice: User):
    browser = Client()
    browser.force_login(alice)

    browser.post("/accounts/logout/")

    assert browser.get("/live/session").status_code == 401


def test_a_deactivated_account_is_told_so(alice: User):
    browser = Client()
    browser.force_login(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert browser.get("/live/session").status_code == 403


def test_nobody_signs_up_where_it_is_closed():
    answer = Client().post(
        "/accounts/signup/",
        {
            "username": "mallory",
            "email": "m@example.org",
            "password1": PASSWORD,
            "display_name": "Mallory",
        },
    )

    assert not User.objects.exists()
    assert answer.status_code == 200


def test_the_sign_in_page_leads_to_signing_up_only_where_it_is_open(settings):
    assert "/accounts/signup/" not in Client().get("/accounts/login/").content.decode()

    settings.SIGNUP = "open"

    assert "/accounts/signup/" in Client().get("/accounts/login/").content.decode()


CAROL = {
    "username": "carol",
    "email": "c@example.org",
    "password1": PASSWORD,
    "display_name": "Carol Diaz",
}


def test_everybody_signs_up_where_it_is_open(settings, alice: User):
    settings.SIGNUP = "open"
    make_person("owner", is_superuser=True)

    Client().post("/accounts/signup/", CAROL)

    assert User.objects.get(username="carol").get_full_name() == "Carol Diaz"


def test_nobody_signs_up_before_there_is_an_owner(settings):
    settings.SIGNUP = "open"

    Client().post("/accounts/signup/", CAROL)

    assert not User.objects.exists()


def test_nobody_guesses_passwords_at_the_admin(alice: User):
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    browser = Client()

    answer = browser.post("/admin/login/", {"username": "alice", "password": PASSWORD})

    # It leads to the sign-in page, whose attempts are counted.
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert browser.get("/live/session").status_code == 401


def test_who_fails_too_often_at_signing_in_has_to_wait(alice: User):
    browser = Client()

    answers = {
        browser.post("/accounts/login/", {"login": "alice", "password": "guessed"}).status_code
        for _ in range(45)
    }

    assert 429 in answers


def test_a_forgotten_password_is_replaced_by_the_link_in_the_mail(alice: User):
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": "alice@example.org"})
    [letter] = mail.outbox
    [path] = re.findall(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(letter.body))

    form = browser.get(path, follow=True).redirect_chain[-1][0]
    new = "a wholly different phrase"
    browser.post(form, {"password1": new, "password2": new})

    alice.refresh_from_db()
    assert alice.check_password(new)
