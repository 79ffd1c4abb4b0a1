"""Where one is signed in, and signing out there."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from realtime_project.accounts import services
from realtime_project.accounts.agents import describe
from realtime_project.accounts.models import Session, User
from realtime_project.accounts.sessions import SEEN_EVERY, SessionStore
from realtime_project.live.models import Revocation
from realtime_project.live.revocation import session_digest
from tests.cast import PASSWORD, make_person, sign_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def browser_of(person: User, address: str = "127.0.0.1") -> Client:
    browser = Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR=address)
    browser.post("/accounts/login/", {"login": person.username, "password": PASSWORD})
    return browser


def session_of(browser: Client) -> Session:
    return Session.objects.get(session_key=browser.cookies["sessionid"].value)


def is_signed_in(browser: Client) -> bool:
    return browser.get("/live/session").status_code == 200


def test_a_session_tells_whose_it_is_and_from_where(alice: User):
    browser = browser_of(alice, "2001:db8::7")

    session = session_of(browser)

    assert (session.person, session.address) == (alice, "2001:db8::7")
    page = browser.get("/settings/sessions/").content.decode()
    assert "Firefox on Windows" in page
    assert "2001:db8::7" in page
    assert "This browser" in page


@pytest.mark.parametrize(
    ("address", "kept"),
    [("192.0.2.7", "192.0.2.7"), ("fe80::1%eth0", "fe80::1"), ("", None), ("<script>", None)],
)
def test_what_is_no_address_is_not_kept_as_one(alice: User, address: str, kept: str | None):
    browser = Client(REMOTE_ADDR=address)
    browser.force_login(alice)

    browser.get("/live/session")

    assert session_of(browser).address == kept


def test_a_session_is_seen_again_at_most_once_a_minute(alice: User):
    browser = browser_of(alice)
    earlier = timezone.now() - SEEN_EVERY / 2
    Session.objects.update(seen=earlier, address="192.0.2.1")

    browser.get("/live/session")
    assert session_of(browser).address == "192.0.2.1"

    Session.objects.update(seen=earlier - SEEN_EVERY)
    browser.get("/live/session")
    assert session_of(browser).address == "127.0.0.1"
    assert session_of(browser).seen > earlier


def test_signing_out_there_ends_that_session_and_no_other(alice: User):
    here, there = browser_of(alice), browser_of(alice)
    ended = session_of(there)

    here.post(f"/settings/sessions/{ended.pk}/end/")

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    revoked = Revocation.objects.filter(session=session_digest(ended.session_key))
    assert revoked.count() == 1


def test_signing_out_everywhere_else_leaves_this_browser(alice: User):
    here, *others = (browser_of(alice) for _ in range(3))
    bob = browser_of(make_person("bob"))

    page = here.post("/settings/sessions/end-others/", follow=True).content.decode()

    assert "2 browsers are signed out." in page
    assert is_signed_in(here)
    assert not any(map(is_signed_in, others))
    assert is_signed_in(bob)


def test_nobody_ends_or_sees_the_sessions_of_others(alice: User):
    hers = browser_of(alice, "192.0.2.7")
    mallory = browser_of(make_person("mallory"))

    answer = mallory.post(f"/settings/sessions/{session_of(hers).pk}/end/")

    assert answer.status_code == 404
    assert is_signed_in(hers)
    assert "192.0.2.7" not in mallory.get("/settings/sessions/").content.decode()


def test_a_session_that_was_ended_cannot_be_saved_back(alice: User):
    session = SessionStore(sign_in(alice))
    session["draft"] = "of a request that is still running"
    services.end_other_sessions(person=alice, keep=None)

    with pytest.raises(UpdateError):
        session.save()
    assert not Session.objects.filter(person=alice).exists()


def test_keys_are_on_no_page(alice: User):
    here = browser_of(alice)
    there = sign_in(alice)

    page = here.get("/settings/sessions/").content.decode()

    assert there not in page
    assert here.cookies["sessionid"].value not in page


def test_a_new_password_ends_every_other_session_for_good(alice: User):
    here, there = browser_of(alice), browser_of(alice)
    new = f"{PASSWORD} again"

    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )

    assert (is_signed_in(here), is_signed_in(there)) == (True, False)
    assert list(Session.objects.signed_in()) == [session_of(here)]


def test_sessions_that_are_over_are_not_listed(alice: User):
    here = browser_of(alice)
    sign_in(alice)
    there = Session.objects.exclude(pk=session_of(here).pk)
    there.update(expire_date=timezone.now() - timedelta(seconds=1))

    page = here.get("/settings/sessions/")

    assert page.context["sessions"] == [session_of(here)]
    assert "You are signed in nowhere else." in page.content.decode()


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/149.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/149 Safari/537 Edg/149.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU like Mac OS X) Version/19 Safari/604", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/149 Mobile Safari/537", "Chrome on Android"),
        ("curl/8.9", "curl"),
        ("", "Unknown browser"),
    ],
)
def test_browsers_are_told_by_the_names_their_owners_know(agent: str, words: str):
    assert describe(agent) == words
