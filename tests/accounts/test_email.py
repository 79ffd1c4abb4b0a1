"""The address of an account is changed by its owner, who has the password and the new mailbox."""

import re
import time
from smtplib import SMTPServerDisconnected

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from realtime_project.accounts.models import User
from tests.cast import PASSWORD, make_person

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "alice@new.example"
LINK = re.compile(r"http://testserver(/settings/email/link/)#(\S+)")
RESET = re.compile(r"testserver(/accounts/password/reset/key/\S+)")
OVER = "This link is over, or is for another account."


@pytest.fixture
def alice() -> User:
    return make_person("alice")


@pytest.fixture
def bob() -> User:
    return make_person("bob")


def browser_of(person: User, *, has_shown_who: bool = True) -> Client:
    browser = Client()
    browser.force_login(person)
    if has_shown_who:
        browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def ask(browser: Client, email: str = NEW) -> str:
    return browser.post("/settings/email/", {"email": email}).content.decode()


def words(page: str) -> str:
    """What a page says, without the tokens that are new on each."""
    return page.partition("<main")[2].partition("</main>")[0]


def secret_in(letter: mail.EmailMessage) -> str:
    [(path, secret)] = LINK.findall(str(letter.body))
    assert path == "/settings/email/link/"
    return str(secret)


def open_link(browser: Client, secret: str) -> str:
    return browser.post("/settings/email/link/", {"secret": secret}, follow=True).content.decode()


def use(browser: Client) -> str:
    return browser.post("/settings/email/confirm/", follow=True).content.decode()


def email_of(person: User) -> str:
    return User.objects.get(pk=person.pk).email


def test_an_address_is_changed_by_the_link_that_is_sent_to_it(alice: User):
    browser = browser_of(alice)

    page = ask(browser, "Alice@New.example")
    assert "Alice@New.example" in page
    assert email_of(alice) == "alice@example.org"
    [letter] = mail.outbox
    assert letter.to == [NEW]
    assert NEW in open_link(browser, secret_in(letter))
    # Nothing is changed by opening a link: robots do.
    assert email_of(alice) == "alice@example.org"

    assert "Your new address is saved." in use(browser)

    assert email_of(alice) == NEW


def test_the_old_address_is_told_but_not_which_one_is_new(alice: User):
    browser = browser_of(alice)
    ask(browser)
    open_link(browser, secret_in(mail.outbox[0]))
    use(browser)

    letter = mail.outbox[-1]
    assert letter.to == ["alice@example.org"]
    assert "another address" in letter.subject
    assert NEW not in str(letter.body)


def test_the_old_address_signs_nobody_in_and_gets_no_link_any_more(alice: User):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    Client().post("/accounts/password/reset/", {"email": alice.email})
    [earlier] = RESET.findall(str(mail.outbox[0].body))
    browser = browser_of(alice)
    ask(browser)
    open_link(browser, secret_in(mail.outbox[1]))
    use(browser)
    mail.outbox.clear()

    for address in ("alice@example.org", NEW):
        Client().post("/accounts/password/reset/", {"email": address})
    assert [letter.to for letter in mail.outbox if "/reset/key/" in letter.body] == [[NEW]]
    assert b"new_password" not in Client().get(earlier, follow=True).content
    signed_in = []
    for login in ("alice@example.org", NEW):
        other = Client()
        other.post("/accounts/login/", {"login": login, "password": PASSWORD})
        signed_in.append(other.get("/live/session").status_code)
    assert signed_in == [401, 200]


def test_an_address_that_an_admin_changed_leads_nowhere_either(alice: User):
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True)
    alice.email = NEW
    alice.save()

    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})

    assert [letter for letter in mail.outbox if "/reset/key/" in letter.body] == []


def test_the_password_is_asked_for_first(alice: User):
    browser = browser_of(alice, has_shown_who=False)

    page, sent = browser.get("/settings/email/"), browser.post("/settings/email/", {"email": NEW})

    for answer in (page, sent):
        assert answer["Location"] == "/accounts/reauthenticate/?next=%2Fsettings%2Femail%2F"
    assert mail.outbox == []


def test_whether_an_address_is_taken_is_told_to_its_holder_and_to_nobody_else(
    alice: User, bob: User
):
    browser = browser_of(alice)

    free, taken = ask(browser, "nobody@example.org"), ask(browser, "BOB@example.org")

    assert words(free).replace("nobody@", "bob@") == words(taken).replace("BOB@", "bob@")
    told = mail.outbox[1]
    assert told.to == ["bob@example.org"]
    assert "@bob" in str(told.body)
    assert LINK.search(str(told.body)) is None
    assert "alice" not in str(told.body)


def test_an_address_that_somebody_took_meanwhile_is_not_taken_twice(alice: User, bob: User):
    browser = browser_of(alice)
    ask(browser)
    open_link(browser, secret_in(mail.outbox[0]))
    User.objects.filter(pk=bob.pk).update(email=NEW)

    assert "Another account has this address already." in use(browser)

    assert email_of(alice) == "alice@example.org"


@pytest.mark.parametrize(
    "email", ["", "no address", "a@b", "alice@example.org", f"{'x' * 260}@x.y"]
)
def test_what_is_no_new_address_is_refused_in_words(alice: User, email: str):
    answer = browser_of(alice).post("/settings/email/", {"email": email})

    assert answer.context["form"].errors["email"]
    assert mail.outbox == []


def test_a_link_is_good_once(alice: User):
    browser = browser_of(alice)
    ask(browser)
    secret = secret_in(mail.outbox[0])
    open_link(browser, secret)
    use(browser)

    assert OVER in open_link(browser, secret)
    assert OVER in use(browser)


def test_a_link_is_over_after_a_day(alice: User, monkeypatch: pytest.MonkeyPatch):
    browser = browser_of(alice)
    ask(browser)
    later = time.time() + 24 * 3600 + 60
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)

    assert OVER in open_link(browser, secret_in(mail.outbox[0]))


def test_a_new_password_takes_the_links_back_that_were_asked_for_before(alice: User):
    ask(browser_of(alice))
    alice.set_password("a wholly different phrase")
    alice.save()
    browser = Client()
    browser.force_login(alice)

    assert OVER in open_link(browser, secret_in(mail.outbox[0]))


def test_a_link_is_of_no_use_to_whom_it_came_by_mistake(alice: User, bob: User):
    ask(browser_of(alice))
    secret = secret_in(mail.outbox[0])

    stranger = Client().post("/settings/email/link/", {"secret": secret}, follow=True)
    assert stranger.redirect_chain[-1][0] == "/accounts/login/?next=/settings/email/confirm/"
    assert OVER in open_link(browser_of(bob), secret)

    assert (email_of(alice), email_of(bob)) == ("alice@example.org", "bob@example.org")


def test_who_opens_the_link_elsewhere_signs_in_and_goes_on(alice: User):
    ask(browser_of(alice))
    elsewhere = Client()
    open_link(elsewhere, secret_in(mail.outbox[0]))

    credentials = {"login": "alice", "password": PASSWORD, "next": "/settings/email/confirm/"}
    page = elsewhere.post("/accounts/login/", credentials, follow=True).content.decode()

    assert NEW in page
    use(elsewhere)
    assert email_of(alice) == NEW


@pytest.mark.parametrize("secret", ["", "guessed", "eyJhIjoxfQ:1aaaaa:bbbbbbbbbbbbbbbb"])
def test_a_link_that_was_made_up_is_good_for_nothing(alice: User, secret: str):
    assert OVER in open_link(browser_of(alice), secret)


def test_nobody_sends_letters_without_an_end(alice: User):
    browser = browser_of(alice)

    answers = [
        browser.post("/settings/email/", {"email": f"{number}@new.example"}).status_code
        for number in range(6)
    ]

    assert answers == [200] * 5 + [429]
    assert len(mail.outbox) == 5


def test_mail_that_does_not_get_through_is_said_and_changes_nothing(
    alice: User, monkeypatch: pytest.MonkeyPatch
):
    browser = browser_of(alice)

    def lost(*_letter: object) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as broken:
        broken.setattr("realtime_project.accounts.mail.EmailMultiAlternatives.send", lost)
        assert "The letter could not be sent." in ask(browser)
    ask(browser)
    open_link(browser, secret_in(mail.outbox[0]))
    monkeypatch.setattr("realtime_project.accounts.mail.EmailMultiAlternatives.send", lost)

    # That the old address cannot be told keeps nobody from the new one.
    assert "Your new address is saved." in use(browser)
    assert email_of(alice) == NEW


def test_where_no_mail_goes_out_the_page_names_who_can_change_it(settings, alice: User, bob: User):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    make_person("carol", is_staff=True, is_superuser=True)
    browser = browser_of(alice, has_shown_who=False)

    page = browser.get("/settings/email/").content.decode()

    assert "@carol" in page
    assert "@bob" not in page
    assert '<form method="post" class="form"' not in page
    assert browser.post("/settings/email/", {"email": NEW}).status_code == 302
    assert email_of(alice) == "alice@example.org"


def test_who_runs_the_place_is_led_to_where_they_can_change_it(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    carol = make_person("carol", is_staff=True, is_superuser=True)

    page = browser_of(carol, has_shown_who=False).get("/settings/email/").content.decode()

    assert f"/admin/accounts/user/{carol.pk}/change/" in page


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> list[str]:
    """Every address of some patterns, with something in the place of what varies."""
    found = []
    for one in patterns:
        path = prefix + re.sub(r"<int:\w+>", "1", str(one.pattern))
        if isinstance(one, URLResolver):
            found += addresses(one.url_patterns, path)
        else:
            found.append(re.sub(r"\(\?P<\w+>.*?\)(?=-|/)", "x", path).translate(DROPPED))
    return found


DROPPED = str.maketrans("", "", "^$\\")
NO_PAGES = {"mfa/recovery_codes/download.txt"}


@pytest.mark.parametrize("is_signed_in", [False, True])
@pytest.mark.parametrize("has_password", [False, True])
def test_every_page_of_allauth_looks_like_ours_or_is_not_there(
    alice: User, is_signed_in: bool, has_password: bool
):
    [theirs] = [one for one in get_resolver().url_patterns if str(one.pattern) == "accounts/"]
    assert isinstance(theirs, URLResolver)
    paths = addresses(theirs.url_patterns, "/accounts/")
    assert len(paths) > 25
    browser = browser_of(alice) if is_signed_in else Client()
    if not has_password:
        User.objects.filter(pk=alice.pk).update(password="!")
        browser = Client()
        if is_signed_in:
            browser.force_login(User.objects.get(pk=alice.pk))

    for path in paths:
        answer = browser.get(path)
        assert answer.status_code in (200, 302, 403, 404), path
        # A page's own template comes first, before what it extends and includes.
        pages = [one for one in answer.templates if one.name not in NO_PAGES][:1]
        assert [one.name for one in pages if "site-packages" in one.origin.name] == [], path
