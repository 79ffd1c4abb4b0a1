"""Who signs in with a browser for the first time is told of it, wherever they are signed in."""

from django.test import Client

from notifications import queries, services
from notifications.models import Happening
from realtime_project.accounts.models import User
from tests.cast import PASSWORD, make_person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def sign_in(browser: Client, person: User) -> None:
    browser.post(
        "/accounts/login/",
        {"login": person.username, "password": PASSWORD},
        headers={"user-agent": FIREFOX},
    )
    assert browser.get("/live/session").status_code == 200


def told(person: User) -> list[str]:
    while services.tell_what_happened():
        pass
    services.open_inboxes([person.pk])
    return [row.text["en"] for row in queries.inbox_page(person.pk).rows]


def test_a_browser_is_new_once(alice):
    browser = Client()
    for _ in range(3):
        sign_in(browser, alice)
        browser.post("/accounts/logout/")

    assert told(alice) == [
        "New sign-in: Firefox on Linux. If that was not you, change your password."
    ]


def test_each_browser_is_new_and_for_each_person(alice, bob):
    shared, phone = Client(), Client()
    for browser, person in ((shared, alice), (shared, bob), (phone, alice), (shared, alice)):
        browser.post("/accounts/logout/")
        sign_in(browser, person)

    assert len(told(alice)) == 2
    assert len(told(bob)) == 1


def test_a_list_of_people_that_somebody_has_made_up_counts_for_nothing(alice):
    browser = Client()
    browser.cookies["people"] = f"{alice.pk}:forged"

    sign_in(browser, alice)

    assert len(told(alice)) == 1


def test_who_fails_to_sign_in_tells_nobody(alice):
    Client().post("/accounts/login/", {"login": "alice", "password": "wrong"})

    assert not Happening.objects.exists()


def test_who_makes_an_account_is_not_warned_of_themselves(db, settings):
    settings.SIGNUP = "open"
    make_person("owner", is_superuser=True)
    browser = Client()

    browser.post(
        "/accounts/signup/",
        {
            "username": "carol",
            "email": "c@example.org",
            "password1": PASSWORD,
            "display_name": "Carol",
        },
    )

    assert browser.get("/live/session").status_code == 200
    assert told(User.objects.get(username="carol")) == []
