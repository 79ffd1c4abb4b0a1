"""Browsers in which somebody is reached: they come by a press, and go with the session."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Subscription
from notifications.push import services
from notifications.push.identity import public_key
from realtime_project.accounts.models import Session, User
from tests.cast import PASSWORD, make_person
from tests.servers.push_service import Browser

pytestmark = pytest.mark.django_db
PUSH = "/settings/notifications/push/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def client_of(person: User) -> Client:
    client = Client(headers={"User-Agent": FIREFOX})
    client.force_login(person)
    return client


def browser(number: int = 1) -> Browser:
    return Browser(f"https://push.example.org/{number}", public_key())


def offer(client: Client, browser: Browser, **changes: Any) -> Any:
    offered = browser.subscription | changes
    return client.post(PUSH, json.dumps(offered), content_type="application/json")


def reached(person: User) -> list[str]:
    return [one.endpoint for one in Subscription.objects.in_use([person.pk]).order_by("pk")]


def test_a_browser_that_is_offered_is_reached_from_then_on(alice: User):
    answer = offer(client_of(alice), browser())

    assert answer.status_code == 201
    assert reached(alice) == ["https://push.example.org/1"]


def test_saying_it_twice_is_saying_it_once(alice: User):
    client = client_of(alice)
    first, second = offer(client, browser()), offer(client, browser())

    # Another key pair at the same address, of the same person: the page knows best.
    assert first.json() == second.json()
    assert len(reached(alice)) == 1


def test_a_session_has_one_browser_and_a_new_address_takes_the_place_of_the_old(alice: User):
    client = client_of(alice)
    offer(client, browser(1))

    offer(client, browser(2))

    assert reached(alice) == ["https://push.example.org/2"]


def test_nobody_is_reached_without_having_signed_in():
    answer = offer(Client(), browser())

    assert answer.status_code == 401
    assert not Subscription.objects.exists()


def test_without_a_token_nothing_is_changed(alice: User):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)

    assert offer(client, browser()).status_code == 403
    assert client.post(f"{PUSH}1/remove/").status_code == 403
    assert client.post(f"{PUSH}1/test/").status_code == 403
    assert not Subscription.objects.exists()


def test_signing_out_is_the_end_of_it(alice: User):
    here, there = client_of(alice), client_of(alice)
    offer(here, browser(1))
    offer(there, browser(2))

    here.post("/accounts/logout/")

    assert reached(alice) == ["https://push.example.org/2"]
    assert Subscription.objects.count() == 1


def test_signing_out_elsewhere_and_a_new_password_end_it_too(alice: User):
    here, there = client_of(alice), client_of(alice)
    offer(here, browser(1))
    offer(there, browser(2))
    here.post("/settings/sessions/end-others/")
    assert reached(alice) == ["https://push.example.org/1"]

    alice.set_password(PASSWORD + "!")
    alice.save()

    assert not Subscription.objects.exists()


def test_a_session_that_expires_reaches_nobody_and_is_deleted(alice: User):
    offer(client_of(alice), browser())
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    assert reached(alice) == []
    services.forget_unused()
    assert not Subscription.objects.exists()


def test_who_was_deactivated_is_not_reached_and_forgotten(alice: User):
    offer(client_of(alice), browser())
    alice.is_active = False
    alice.save()

    assert reached(alice) == []
    services.forget_unused()
    assert not Subscription.objects.exists()


def test_what_is_in_use_is_not_forgotten(alice: User):
    offer(client_of(alice), browser())

    assert services.forget_unused() == 0
    assert len(reached(alice)) == 1


def test_who_signs_in_with_somebody_elses_browser_takes_it_over(alice: User, bob: User):
    shared = browser()
    offer(client_of(alice), shared)

    answer = offer(client_of(bob), shared)

    assert answer.status_code == 201
    assert (reached(alice), reached(bob)) == ([], ["https://push.example.org/1"])


def test_who_has_seen_an_address_does_not_take_it_over(alice: User, mallory: User):
    hers = browser()
    offer(client_of(alice), hers)
    seen = Browser(hers.endpoint, public_key())

    answer = offer(client_of(mallory), seen)

    assert answer.status_code == 422
    assert reached(alice) == [hers.endpoint]


@pytest.mark.parametrize(
    "changes",
    [
        {"endpoint": "http://push.example.org/1"},
        {"endpoint": "https://127.0.0.1/1"},
        {"endpoint": "https://[::1]/1"},
        {"endpoint": "https://169.254.169.254/latest/meta-data"},
        {"endpoint": "https://push.example.org:22/1"},
        {"keys": {"p256dh": "AAAA", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}},
        {"keys": {"p256dh": "ä", "auth": "AAAAAAAAAAAAAAAAAAAAAA"}},
    ],
)
def test_what_cannot_be_a_browser_is_refused_in_words(alice: User, changes: dict[str, Any]):
    answer = offer(client_of(alice), browser(), **changes)

    assert answer.status_code == 422
    assert answer.json()["error"]["detail"]
    assert not Subscription.objects.exists()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"endpoint": 1}', "\xff"])
def test_what_is_no_subscription_at_all_is_refused(alice: User, text: str):
    answer = client_of(alice).post(PUSH, text.encode("latin-1"), content_type="application/json")

    assert answer.status_code == 400


def test_there_are_at_most_so_many_browsers(alice: User):
    for number in range(services.MAX_DEVICES):
        offer(client_of(alice), browser(number))

    answer = offer(client_of(alice), browser(99))

    assert answer.status_code == 422
    assert "20 browsers" in answer.json()["error"]["detail"]
    assert Subscription.objects.count() == services.MAX_DEVICES


def test_the_settings_list_ones_browsers_and_no_address(alice: User):
    here, there = client_of(alice), client_of(alice)
    offer(here, browser(1))
    offer(there, browser(2))

    page = here.get("/settings/notifications/").content.decode()

    assert page.count("<bdi>Firefox on Windows</bdi>") == 2
    assert public_key() in page
    assert "push.example.org" not in page


def test_one_is_removed_by_whose_it_is_and_nobody_else(alice: User, mallory: User):
    number = offer(client_of(alice), browser()).json()["id"]

    assert client_of(mallory).post(f"{PUSH}{number}/remove/").status_code == 404
    assert client_of(mallory).post(f"{PUSH}{number}/test/").status_code == 404
    assert client_of(mallory).get(f"{PUSH}{number}/").json()["there"] is False
    assert len(reached(alice)) == 1

    assert client_of(alice).post(f"{PUSH}{number}/remove/").status_code == 302
    assert not Subscription.objects.exists()


def test_tests_cannot_be_asked_for_all_the_time(alice: User, monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []
    monkeypatch.setattr(services, "enqueue", lambda name, **of: asked.append(of["subscription"]))
    client = client_of(alice)
    number = offer(client, browser()).json()["id"]

    statuses = [client.post(f"{PUSH}{number}/test/").status_code for _ in range(8)]

    assert statuses == [202] * 6 + [429] * 2
    assert asked == [number] * 6


def test_silent_pushes_are_few_a_day(alice: User):
    offer(client_of(alice), browser())
    [one] = Subscription.objects.all()
    today = timezone.localdate()

    def times(day: Any) -> int:
        return sum(bool(services.may_be_silent([one], day)) for _ in range(5))

    assert times(today) == services.MAX_SILENT
    assert times(today + timedelta(days=1)) == services.MAX_SILENT


def test_the_service_worker_may_serve_every_page_and_is_asked_for_anew(client: Client):
    answer = client.get("/sw.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert b"notificationclick" in answer.content
    # It answers no request of a page: what it kept would be shown to whoever signs in next.
    assert b'"fetch"' not in answer.content


def test_a_phone_learns_what_it_puts_on_its_home_screen(client: Client):
    answer = client.get("/manifest.webmanifest")

    told = answer.json()
    assert (told["name"], told["display"], told["start_url"]) == ("Signalbox", "standalone", "/")
    assert {icon["sizes"] for icon in told["icons"]} == {"192x192", "512x512"}


def test_another_persons_browsers_do_not_count(alice: User):
    for number in range(services.MAX_DEVICES):
        offer(client_of(make_person(f"person{number}")), browser(number))

    assert offer(client_of(alice), browser(99)).status_code == 201
