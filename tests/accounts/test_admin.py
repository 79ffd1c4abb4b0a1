"""What those who run the place see and do in the admin, and what they may not."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from realtime_project.accounts import services
from realtime_project.accounts.models import Invitation, Session, User
from realtime_project.live.models import Revocation
from realtime_project.live.revocation import session_digest
from tests.cast import PASSWORD, make_person
from tests.cast import sign_in as session_of

pytestmark = pytest.mark.django_db

PEOPLE, SESSIONS, INVITATIONS = (
    f"/admin/accounts/{name}/" for name in ("user", "session", "invitation")
)


@pytest.fixture
def owner() -> User:
    return make_person("owner", is_owner=True, is_staff=True, is_superuser=True)


@pytest.fixture
def office(owner: User) -> Client:
    browser = Client()
    browser.force_login(owner)
    return browser


@pytest.fixture
def helper() -> User:
    """Staff who may change people, and is no superuser."""
    person = make_person("helper", is_staff=True)
    names = ["view_user", "change_user", "view_session", "change_session"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


def act(browser: Client, page: str, action: str, *rows: User | Session | Invitation):
    fields = {"action": action, "_selected_action": [row.pk for row in rows]}
    return browser.post(page, fields, follow=True)


def log() -> list[tuple[str, str]]:
    entries = LogEntry.objects.order_by("pk")
    return list(entries.values_list("user__username", "change_message"))


def ended(key: str) -> bool:
    is_gone = not Session.objects.filter(session_key=key).exists()
    return is_gone and Revocation.objects.filter(session=session_digest(key)).exists()


def invite(by: User) -> Invitation:
    made, _secret = services.invite(by=by, lasts=timedelta(days=1), max_uses=1)
    return made


def test_a_deactivated_person_is_shut_out_and_let_in_again(office: Client, bob: User, settings):
    settings.INVITERS = "everybody"
    key, invitation = session_of(bob), invite(bob)

    act(office, PEOPLE, "deactivate", bob)
    bob.refresh_from_db()
    invitation.refresh_from_db()
    assert (bob.is_active, invitation.is_open) == (False, False)
    assert Revocation.objects.get(person=bob.pk).reason == "deactivated"

    act(office, PEOPLE, "reactivate", bob)
    bob.refresh_from_db()
    assert bob.is_active
    assert ended(key)
    assert log()[-2:] == [
        ("owner", "Deactivated the account."),
        ("owner", "Reactivated the account."),
    ]


def test_signing_somebody_out_ends_each_of_their_sessions(office: Client, bob: User, owner: User):
    keys = [session_of(bob) for _ in range(3)]

    act(office, PEOPLE, "sign_out", bob)

    assert all(ended(key) for key in keys)
    assert office.get("/live/session").json()["person"] == owner.pk
    assert log()[-1] == ("owner", "Signed out everywhere.")


def test_one_session_is_ended_from_the_list_of_sessions(office: Client, bob: User):
    key, other = session_of(bob), session_of(bob)

    act(office, SESSIONS, "end", Session.objects.get(session_key=key))

    assert (ended(key), ended(other)) == (True, False)
    assert log()[-1][1].startswith("Signed out")


def test_an_invitation_is_revoked_from_the_list(office: Client, owner: User):
    invitation = invite(owner)

    act(office, INVITATIONS, "revoke", invitation)

    assert not Invitation.objects.open_at(timezone.now()).exists()
    assert log()[-1] == ("owner", "Revoked the invitation.")


def test_who_lost_phone_and_codes_is_let_in_by_password_again(office: Client, bob: User):
    Authenticator.objects.create(user=bob, type="totp", data={"secret": "x"})
    key = session_of(bob)

    act(office, PEOPLE, "forget_second_factors", bob)

    assert not Authenticator.objects.filter(user=bob).exists()
    assert ended(key)
    assert log()[-1] == ("owner", "Removed the second factors.")


def reset_link(office: Client, person: User) -> str:
    page = act(office, PEOPLE, "reset_link", person).content.decode()
    [secret] = re.findall(r'value="http://testserver/reset/#([^"]+)"', page)
    assert secret not in str(list(LogEntry.objects.values()))
    return str(secret)


def choose_password(browser: Client, secret: str, new: str) -> str:
    """Open a reset link and fill in its form; return what the page says at the end."""
    form = browser.post("/reset/", {"secret": secret})["Location"]
    answer = browser.post(form, {"password1": new, "password2": new}, follow=True)
    return str(answer.content.decode())


def test_a_reset_link_gives_a_new_password_once_and_ends_every_session(office: Client, bob: User):
    key, secret = session_of(bob), reset_link(office, bob)
    new = "a wholly different phrase"

    assert "Your password is changed" in choose_password(Client(), secret, new)
    bob.refresh_from_db()
    assert bob.check_password(new)
    assert not Session.objects.filter(session_key=key).exists()
    assert Revocation.objects.get(person=bob.pk).reason == "password"

    assert "This link has been used" in choose_password(Client(), secret, "and yet another one")
    bob.refresh_from_db()
    assert bob.check_password(new)


def test_a_reset_link_is_over_after_a_day_and_once_its_person_signs_in(
    office: Client, bob: User, settings
):
    old = reset_link(office, bob)
    Client().post("/accounts/login/", {"login": "bob", "password": PASSWORD})
    assert "This link has been used" in choose_password(Client(), old, "another phrase here")

    assert settings.PASSWORD_RESET_TIMEOUT == 24 * 3600
    late = reset_link(office, bob)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link has been used" in choose_password(Client(), late, "another phrase here")
    bob.refresh_from_db()
    assert bob.check_password(PASSWORD)


@pytest.mark.parametrize("secret", ["", "x", "-", "1-", "zzzzzzzzzzzzzz-x", "é-x", "../-x"])
def test_an_invented_reset_link_opens_nothing(bob: User, secret: str):
    answer = Client().post("/reset/", {"secret": secret}, follow=True)

    assert "This link has been used" in answer.content.decode()


def test_a_reset_link_is_for_one_person(office: Client, owner: User, bob: User):
    page = act(office, PEOPLE, "reset_link", owner, bob).content.decode()

    assert "Choose one person" in page
    assert "/reset/#" not in page


def test_staff_look_after_members_and_nobody_above_them(owner: User, helper: User, bob: User):
    key, hers = session_of(bob), session_of(owner)
    browser = Client()
    browser.force_login(helper)

    for action in ("deactivate", "sign_out", "reset_link", "forget_second_factors"):
        page = act(browser, PEOPLE, action, owner).content.decode()
        assert "You may not do this to: Owner." in page
    act(browser, SESSIONS, "end", Session.objects.get(session_key=hers))
    act(browser, PEOPLE, "sign_out", bob)

    owner.refresh_from_db()
    assert owner.is_active
    assert (ended(hers), ended(key)) == (False, True)
    assert browser.get(f"{PEOPLE}{owner.pk}/password/").status_code == 403


def test_staff_cannot_raise_themselves_or_others(helper: User, bob: User):
    browser = Client()
    browser.force_login(helper)
    fields = {
        "username": "bob", "email": "bob@example.org", "display_name": "Bob", "theme": "auto",
        "is_staff": "on", "is_superuser": "on", "is_active": "",
    }  # fmt: skip

    assert browser.post(f"{PEOPLE}{bob.pk}/change/", fields).status_code == 302
    assert browser.post(f"{PEOPLE}{helper.pk}/change/", fields).status_code == 403

    for person in (bob, helper):
        person.refresh_from_db()
        assert not person.is_superuser
    assert (bob.is_staff, bob.is_active) == (False, True)


def test_nobody_shuts_out_the_owner_or_themselves(office: Client, owner: User):
    deputy = make_person("deputy", is_staff=True, is_superuser=True)
    browser = Client()
    browser.force_login(deputy)

    act(office, PEOPLE, "deactivate", owner)
    act(browser, PEOPLE, "deactivate", owner, deputy)

    assert not User.objects.filter(is_active=False).exists()


def test_accounts_are_never_deleted_and_rows_of_services_never_edited(office: Client, bob: User):
    invitation = invite(User.objects.get(username="owner"))
    session_of(bob)
    session = Session.objects.get(person=bob)

    assert office.post(f"{PEOPLE}{bob.pk}/delete/", {"post": "yes"}).status_code == 403
    for page, row in ((SESSIONS, session), (INVITATIONS, invitation)):
        assert office.get(f"{page}add/").status_code == 403
        assert office.post(f"{page}{row.pk}/change/", {"note": "x"}).status_code == 403
        assert office.post(f"{page}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_no_page_shows_what_signs_somebody_in(office: Client, bob: User):
    key = session_of(bob)
    session = Session.objects.get(session_key=key)

    for page in (SESSIONS, f"{SESSIONS}{session.pk}/change/", PEOPLE):
        assert key not in office.get(page).content.decode()
    assert office.get("/admin/mfa/authenticator/").status_code == 404


@pytest.mark.parametrize("page", [PEOPLE, SESSIONS, INVITATIONS])
def test_a_list_asks_the_database_no_more_for_many(office: Client, owner: User, page: str):
    def fill(names: range) -> None:
        for number in names:
            session_of(make_person(f"person{number}"))
            invite(owner)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert office.get(page).status_code == 200
        return len(queries)

    fill(range(2))
    asked()  # the first request notes as well from where it comes
    few = asked()
    fill(range(2, 14))

    assert asked() == few


@pytest.mark.parametrize(
    ("page", "query", "found"),
    [
        (PEOPLE, "q=bob", 1), (PEOPLE, "q=nobody", 0), (PEOPLE, "is_staff__exact=1", 1),
        (SESSIONS, "q=bob", 1), (SESSIONS, "q=198.51", 0),
        (INVITATIONS, "q=owner", 2), (INVITATIONS, "state=open", 1), (INVITATIONS, "state=over", 1),
    ],
)  # fmt: skip
def test_lists_search_and_filter(
    office: Client, owner: User, bob: User, page: str, query: str, found: int
):
    session_of(bob)
    invite(owner)
    services.revoke_invitation(by=owner, invitation=invite(owner).pk)

    answer = office.get(f"{page}?{query}")

    assert len(answer.context["cl"].result_list) == found


def test_the_admins_own_scripts_run_and_no_inline_ones(office: Client):
    policy = office.get(PEOPLE)["Content-Security-Policy"]
    elsewhere = office.get("/settings/profile/")["Content-Security-Policy"]

    assert "script-src 'self';" in f"{policy};"
    assert "script-src 'nonce-" in elsewhere
