"""Who comes in by an invitation, and by which nobody does."""

import re
from datetime import timedelta
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from realtime_project.accounts import services
from realtime_project.accounts.checks import check_inviters
from realtime_project.accounts.forms import SignUpForm
from realtime_project.accounts.models import Invitation, Session, User
from tests.cast import PASSWORD, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return make_person("alice", is_owner=True, is_staff=True, is_superuser=True)


def invite(by: User, *, max_uses: int = 1, note: str = "") -> tuple[Invitation, str]:
    return services.invite(by=by, lasts=timedelta(days=7), max_uses=max_uses, note=note)


def newcomer(name: str) -> dict[str, str]:
    return {
        "username": name,
        "email": f"{name}@example.org",
        "password1": PASSWORD,
        "display_name": name.capitalize(),
    }


def open_link(secret: str) -> Client:
    browser = Client()
    browser.post("/join/", {"secret": secret})
    return browser


def test_a_newcomer_comes_in_by_a_link_and_is_signed_in(alice: User):
    invitation, secret = invite(alice)
    browser = Client()

    answer = browser.post("/join/", {"secret": secret})
    assert answer["Location"] == "/accounts/signup/"
    assert "<b>Alice</b> invites you." in browser.get("/accounts/signup/").content.decode()
    browser.post("/accounts/signup/", newcomer("bob"))

    bob = User.objects.get(username="bob")
    assert bob.get_full_name() == "Bob"
    assert browser.get("/live/session").json()["person"] == bob.pk
    assert list(invitation.newcomers.all()) == [bob]
    invitation.refresh_from_db()
    assert invitation.uses == 1


def test_the_whole_link_may_be_pasted_as_well(alice: User):
    _, secret = invite(alice)

    answer = Client().post("/join/", {"secret": f" https://chat.example.org/join/#{secret} "})

    assert answer["Location"] == "/accounts/signup/"


def test_without_an_invitation_nobody_comes_in(alice: User):
    page = Client().get("/accounts/signup/").content.decode()
    Client().post("/accounts/signup/", newcomer("mallory"))

    assert "You need an invitation" in page
    assert not User.objects.filter(username="mallory").exists()


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires=timezone.now())


def use_up(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(uses=invitation.max_uses)


def revoke(invitation: Invitation) -> None:
    services.revoke_invitation(by=invitation.created_by, invitation=invitation.pk)


ENDS = [
    (expire, "This invitation has expired"),
    (use_up, "This invitation is used up"),
    (revoke, "This invitation was taken back"),
]


@pytest.mark.parametrize(("end", "words"), ENDS)
def test_a_link_that_is_over_says_why(alice: User, end, words: str):
    invitation, secret = invite(alice)
    end(invitation)

    answer = Client().post("/join/", {"secret": secret}, follow=True)

    assert answer.status_code == 410
    assert words in answer.content.decode()


@pytest.mark.parametrize(("end", "words"), ENDS)
def test_who_was_filling_in_the_form_when_it_ended_is_told_and_has_no_account(
    alice: User, end, words: str
):
    invitation, secret = invite(alice)
    browser = open_link(secret)
    end(invitation)

    answer = browser.post("/accounts/signup/", newcomer("bob"), follow=True)

    assert words in answer.content.decode()
    assert not User.objects.filter(username="bob").exists()


@pytest.mark.parametrize("secret", ["", "guessed", "\0", "#", "é" * 3000])
def test_an_invented_link_is_not_known(alice: User, secret: str):
    answer = Client().post("/join/", {"secret": secret}, follow=True)

    assert answer.status_code == 410
    assert "This invitation is not known" in answer.content.decode()


def test_every_answer_costs_the_same_look_up(alice: User):
    secrets = ["guessed"]
    for end, _words in ENDS:
        invitation, secret = invite(alice)
        end(invitation)
        secrets.append(secret)
    asked = []
    for secret in secrets:
        with CaptureQueriesContext(connection) as queries, pytest.raises(services.InvitationOver):
            services.find_invitation(secret)
        asked.append([re.sub(r"'\w+'", "?", one["sql"]) for one in queries])

    assert len(asked[0]) == 1
    assert asked.count(asked[0]) == len(asked)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_the_last_use_exactly_one_gets_in(alice: User, monkeypatch):
    invitation, secret = invite(alice)
    browsers = {name: open_link(secret) for name in ("bob", "mallory")}
    answers: dict[str, str] = {}
    start = Barrier(2)
    save = SignUpForm.try_save

    def save_together(form: SignUpForm, request: HttpRequest) -> Any:
        # Both forms were opened, filled in and found right while the invitation was open.
        start.wait()
        return save(form, request)

    monkeypatch.setattr(SignUpForm, "try_save", save_together)

    def sign_up(name: str) -> None:
        answers[name] = browsers[name].post("/accounts/signup/", newcomer(name))["Location"]
        connection.close()

    both = [Thread(target=sign_up, args=[name]) for name in browsers]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(answers.values()) == ["/", "/join/used/"]
    invitation.refresh_from_db()
    assert (invitation.uses, invitation.newcomers.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_the_last_use_is_not_given_away_while_it_is_being_taken(alice: User):
    invitation, _ = invite(alice)
    told: list[str] = []
    has_begun = Event()

    def come_second() -> None:
        has_begun.set()
        try:
            with transaction.atomic():
                services.accept_invitation(invitation.pk)
        except services.InvitationOver as over:
            told.append(over.state)
        connection.close()

    second = Thread(target=come_second)
    with transaction.atomic():
        assert services.accept_invitation(invitation.pk) == invitation
        second.start()
        has_begun.wait()
    second.join()

    assert told == ["used"]
    assert Invitation.objects.get().uses == 1


def test_a_mistake_in_the_form_costs_no_use(alice: User):
    invitation, secret = invite(alice)
    browser = open_link(secret)

    browser.post("/accounts/signup/", newcomer("bob") | {"password1": "12345"})
    browser.post("/accounts/signup/", newcomer("alice"))
    assert Invitation.objects.get().uses == 0

    browser.post("/accounts/signup/", newcomer("bob"))
    assert list(invitation.newcomers.all()) == [User.objects.get(username="bob")]


@pytest.mark.parametrize("name", ["here", "Room"])
def test_nobody_is_called_as_many_are_addressed_at_once(alice: User, name: str):
    _, secret = invite(alice)

    refused = open_link(secret).post("/accounts/signup/", newcomer(name))

    assert "This name addresses many at once." in refused.content.decode()
    with pytest.raises(ValidationError, match="addresses many"):
        User(username=name, email="x@example.org").full_clean()


def test_the_secret_is_nowhere_but_in_the_link(alice: User):
    invitation, secret = invite(alice, note="The design team")
    browser = open_link(secret)

    told = "".join(str(row) for row in [*Invitation.objects.values(), *LogEntry.objects.values()])
    told += "".join(str(one.get_decoded()) for one in Session.objects.all())

    assert secret not in told
    assert secret not in browser.get("/accounts/signup/").content.decode()
    assert browser.get("/join/")["Referrer-Policy"] == "no-referrer"
    assert str(invitation) == "The design team"


def test_where_it_is_closed_an_invitation_lets_nobody_in(alice: User, settings):
    _, secret = invite(alice)
    settings.SIGNUP = "closed"
    browser = open_link(secret)

    answer = browser.post("/accounts/signup/", newcomer("bob"))

    assert "Sign-up is closed" in answer.content.decode()
    assert not User.objects.filter(username="bob").exists()


def test_where_everybody_may_come_an_invitation_counts_but_is_not_needed(alice: User, settings):
    settings.SIGNUP = "open"
    invitation, secret = invite(alice)

    open_link(secret).post("/accounts/signup/", newcomer("bob"))
    open_link("guessed").post("/accounts/signup/", newcomer("carol"))

    assert [one.username for one in invitation.newcomers.all()] == ["bob"]
    assert User.objects.filter(username="carol").exists()


def test_the_link_is_shown_once_and_leads_to_this_place(alice: User, settings):
    settings.SITE_URL = "https://chat.example.org"
    browser = Client()
    browser.force_login(alice)

    fields = {"note": "Bob", "max_uses": 3, "days": 7}
    page = browser.post("/people/invite/", fields)
    [secret] = re.findall(r"https://chat\.example\.org/join/#([\w-]+)", page.content.decode())

    assert "no-store" in page["Cache-Control"]
    assert secret not in browser.get("/people/invite/").content.decode()
    assert open_link(secret).get("/accounts/signup/").status_code == 200


@pytest.mark.parametrize(
    "fields", [{"max_uses": 0}, {"max_uses": 501}, {"days": 365}, {"days": ""}]
)
def test_an_invitation_without_a_measure_is_refused_beside_its_field(alice: User, fields):
    browser = Client()
    browser.force_login(alice)

    page = browser.post("/people/invite/", {"max_uses": 1, "days": 7} | fields)

    assert next(iter(fields)) in page.context["form"].errors
    assert not Invitation.objects.exists()


def test_only_those_who_may_invite_do(alice: User, settings):
    bob = make_person("bob")
    browser = Client()
    browser.force_login(bob)

    assert browser.get("/people/invite/").status_code == 403
    assert "/people/invite/" not in browser.get("/settings/profile/").content.decode()
    with pytest.raises(PermissionDenied):
        invite(bob)

    settings.INVITERS = "everybody"
    assert browser.get("/people/invite/").status_code == 200
    assert invite(bob)


def test_a_member_sees_and_revokes_only_their_own(alice: User, settings):
    settings.INVITERS = "everybody"
    bob = make_person("bob")
    hers, _ = invite(alice, note="Hers")
    his, _ = invite(bob, note="His")
    browser = Client()
    browser.force_login(bob)

    page = browser.get("/people/invite/").content.decode()
    assert "His" in page
    assert "Hers" not in page
    assert browser.post(f"/people/invite/{hers.pk}/revoke/").status_code == 404
    with pytest.raises(ObjectDoesNotExist):
        services.revoke_invitation(by=bob, invitation=hers.pk)

    browser.post(f"/people/invite/{his.pk}/revoke/")
    services.revoke_invitation(by=alice, invitation=his.pk)
    assert list(Invitation.objects.open_at(timezone.now())) == [hers]
    assert LogEntry.objects.filter(change_message="Revoked the invitation.").count() == 1


def test_the_list_asks_the_database_no_more_for_many(alice: User):
    browser = Client()
    browser.force_login(alice)
    invite(alice)
    browser.get("/people/invite/")  # notes as well from where it comes
    with CaptureQueriesContext(connection) as few:
        browser.get("/people/invite/")
    for _ in range(20):
        invite(alice)
    with CaptureQueriesContext(connection) as many:
        browser.get("/people/invite/")

    assert len(few) == len(many)


def test_who_tries_many_links_has_to_wait(alice: User):
    browser = Client()

    answers = {browser.post("/join/", {"secret": "guessed"}).status_code for _ in range(25)}

    assert answers == {302, 429}


def test_who_has_an_account_keeps_the_link_for_another(alice: User):
    invitation, secret = invite(alice)
    browser = Client()
    browser.force_login(alice)

    assert browser.post("/join/", {"secret": secret})["Location"] == "/"
    invitation.refresh_from_db()
    assert invitation.is_open


def test_a_setting_that_names_no_inviters_is_refused(settings):
    assert check_inviters() == []
    settings.INVITERS = "nobody"
    assert [one.id for one in check_inviters()] == ["signalbox.E010"]
