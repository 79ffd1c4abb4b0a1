"""The page on which people say what reaches them."""

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from notifications.decision import Channels, Mail
from notifications.models import Keyword, Preferences
from notifications.preferences import queries
from notifications.preferences.offered import offered
from notifications.quiet_hours import Window
from realtime_project.accounts.models import User
from tests.cast import make_person

pytestmark = pytest.mark.django_db

PAGE = "/settings/notifications/"
ADDED, SIGN_IN = "chat.added", "accounts.sign_in"


@pytest.fixture
def alice() -> User:
    return make_person("alice", time_zone="Europe/Vienna")


@pytest.fixture
def bob() -> User:
    return make_person("bob")


@pytest.fixture
def browser(alice: User) -> Client:
    browser = Client()
    browser.force_login(alice)
    return browser


def sent(browser: Client, **changes: Any) -> dict[str, Any]:
    """What a browser sends of the page as it is, but for these changes; None is a box that was
    emptied."""
    form = browser.get(PAGE).context["form"]
    fields = {field.html_name: field.value() for field in form if not field.field.disabled}
    data = {
        name: value
        for name, value in (fields | changes).items()
        if value is not None and value is not False
    }
    return {name: "on" if value is True else value for name, value in data.items()}


def saved(browser: Client, **changes: Any) -> None:
    answer = browser.post(PAGE, sent(browser, **changes))
    assert answer.status_code == 302, answer.context["form"].errors


def test_a_page_that_is_saved_as_it_is_chooses_nothing(browser: Client, alice: User):
    before = queries.wishes(alice.pk)

    saved(browser)

    assert Preferences.objects.get(pk=alice.pk).choices == {}
    assert queries.wishes(alice.pk) == before


def test_what_was_chosen_is_kept_and_shown_again(browser: Client, alice: User, bob: User):
    carol = make_person("carol")
    saved(
        browser,
        **{
            f"{ADDED}-push": None,
            f"{ADDED}-email": "instant",
            "quiet-4": True,
            "start-4": "22:30",
            "end-4": "09:00",
            "lets_urgent_through": None,
            "lets_through": "@bob",
            "muted_people": "carol",
            "keywords": "deploy\n\nC++\n",
        },
    )

    found = queries.wishes(alice.pk)
    assert found is not None
    assert found.channels == {ADDED: Channels(True, False, Mail.INSTANT)}
    assert found.schedule.days == (None,) * 4 + (Window(time(22, 30), time(9)), None, None)
    assert found.lets_through == frozenset({bob.pk})
    assert found.muted_people == frozenset({carol.pk})
    assert not found.lets_urgent_through
    assert [one.word for one in Keyword.objects.all()] == ["deploy", "C++"]
    page = browser.get(PAGE).content.decode()
    for shown in ('value="22:30"', 'value="@bob"', 'value="@carol"', "deploy\nC++"):
        assert shown in page


def test_without_the_inbox_nothing_of_a_kind_goes_anywhere(browser: Client, alice: User):
    saved(browser, **{f"{ADDED}-in_app": None})

    found = queries.wishes(alice.pk)
    assert found is not None
    assert found.channels == {ADDED: Channels()}


def test_a_locked_kind_stays_in_the_inbox_whatever_is_sent(browser: Client, alice: User):
    data = sent(browser, **{f"{SIGN_IN}-push": None, f"{SIGN_IN}-email": "off"})
    data.pop(f"{SIGN_IN}-in_app", None)

    browser.post(PAGE, data)

    found = queries.wishes(alice.pk)
    assert found is not None
    assert found.channels == {SIGN_IN: Channels(in_app=True)}
    assert browser.get(PAGE).context["form"][f"{SIGN_IN}-in_app"].field.disabled


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lets_through": "@nobody"}, "Nobody is called @nobody here."),
        ({"keywords": "x"}, "A keyword has 2 to 40 characters"),
        ({"keywords": "a\0b"}, "Null characters are not allowed"),
        ({f"{ADDED}-email": "by pigeon"}, "Select a valid choice"),
        ({"quiet-1": True, "start-1": "late"}, "Enter a valid time"),
        ({"lets_through": "bob", "muted_people": "bob"}, "Nobody can both be muted"),
        ({f"{which}-{day}": value for day in range(7)
          for which, value in (("quiet", True), ("start", "00:00"), ("end", "00:00"))},
         "Quiet hours need an end"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_kept(
    browser: Client, bob: User, changes: dict[str, Any], words: str
):
    answer = browser.post(PAGE, sent(browser, **changes))

    assert words in answer.content.decode()
    assert not Preferences.objects.exists()


def test_choices_that_were_broken_are_shown_as_none_and_mended_by_saving(
    browser: Client, alice: User
):
    Preferences.objects.create(person=alice, choices={"chat.added": "what"})
    assert queries.wishes(alice.pk) is None

    saved(browser)

    assert queries.wishes(alice.pk) is not None


def test_everything_is_muted_for_a_while_and_again_not(browser: Client, alice: User):
    browser.post(f"{PAGE}mute/", {"span": "hour"})

    until = Preferences.objects.get(pk=alice.pk).muted_until
    assert until is not None
    assert until > timezone.now() + timedelta(minutes=59)
    assert "End it now" in browser.get(PAGE).content.decode()

    browser.post(f"{PAGE}mute/", {"span": ""})

    assert Preferences.objects.get(pk=alice.pk).muted_until is None
    assert "For an hour" in browser.get(PAGE).content.decode()


def test_muting_for_a_time_that_nobody_offers_is_refused(browser: Client):
    assert browser.post(f"{PAGE}mute/", {"span": "for ever"}).status_code == 400
    assert not Preferences.objects.exists()


def test_saving_leaves_what_is_muted_as_it_is(browser: Client, alice: User):
    browser.post(f"{PAGE}mute/", {"span": "week"})

    saved(browser)

    assert Preferences.objects.get(pk=alice.pk).muted_until is not None


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}mute/"])
def test_strangers_are_asked_to_sign_in(path: str):
    assert Client().post(path, {"span": "hour"})["Location"].startswith("/accounts/login/")


def test_every_kind_has_a_row_with_a_name(browser: Client):
    page = browser.get(PAGE)

    assert len(list(page.context["form"].kinds)) == len(offered()) >= 6
    for offer in offered().values():
        assert f"<legend>{offer.label}</legend>" in page.content.decode()


def test_a_weekly_digest_on_a_day_of_ones_own_and_no_mail_at_all(browser: Client, alice: User):
    saved(browser, digest="weekly", digest_day="4", is_mail_on=False)

    kept = Preferences.objects.get(pk=alice.pk)
    assert (kept.digest, kept.digest_day, kept.is_mail_off) == ("weekly", 4, True)
    form = browser.get(PAGE).context["form"]
    assert (form["digest"].value(), form["is_mail_on"].value()) == ("weekly", False)


def test_where_no_mail_goes_out_the_page_says_so(settings: Any, browser: Client):
    said = "No e-mail leaves this place yet."
    assert said in browser.get(PAGE).content.decode()

    settings.SITE_URL = "https://chat.example.org"

    assert said not in browser.get(PAGE).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert said in browser.get(PAGE).content.decode()
