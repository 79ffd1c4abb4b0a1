"""What programs say instead of a password: made by their owners, told once, ended at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from realtime_project.accounts import bearers, services
from realtime_project.accounts.bearers import FAILURES, Allowances, for_programs
from realtime_project.accounts.models import Token, User
from realtime_project.live.bearer import Bearer
from realtime_project.live.models import Revocation
from tests.cast import PASSWORD, make_person

pytestmark = pytest.mark.django_db

SECRET = re.compile(r'value="(sbx_[\w-]{43})"')


@pytest.fixture
def owner() -> User:
    return make_person("owner", is_owner=True, is_staff=True, is_superuser=True)


def signed_in(person: User) -> Client:
    """A browser in which the password was given just now."""
    browser = Client()
    browser.force_login(person)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def make(person: User, *scopes: str, **options: timedelta) -> tuple[Token, str]:
    return services.make_token(
        by=person, name="backup", scopes=scopes or ("read",), lasts=options.get("lasts")
    )


def test_a_token_is_shown_once_and_kept_as_a_digest(alice: User):
    browser = signed_in(alice)
    fields = {"name": "backup", "scopes": ["read"], "days": "30"}

    answer = browser.post("/settings/tokens/", fields)

    found = SECRET.search(answer.content.decode())
    assert found is not None
    secret = found[1]
    assert "no-store" in answer["Cache-Control"]
    page = browser.get("/settings/tokens/").content.decode()
    assert "backup" in page
    assert secret not in page
    row = Token.objects.values().get()
    assert secret not in str(row)
    assert row["start"] == secret[:8]
    lasts: Any = row["expires"]
    assert lasts - row["created"] == timedelta(days=30)


def test_who_finds_a_browser_open_makes_no_token(alice: User):
    browser = Client()
    browser.force_login(alice)

    answer = browser.post("/settings/tokens/", {"name": "x", "scopes": ["read"], "days": "7"})

    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()


def test_a_token_says_whose_it_is_and_what_it_is_good_for(alice: User):
    _, secret = make(alice, "read", lasts=timedelta(hours=1))

    bearer = bearers.find(secret)

    assert bearer is not None
    assert (bearer.person, sorted(bearer.scopes)) == (alice.pk, ["read"])
    assert 3500 < bearer.expires_in_seconds <= 3600
    assert bearers.find(secret[:-1]) is None


def expire(token: Token) -> None:
    Token.objects.filter(pk=token.pk).update(expires=timezone.now())


def revoke(token: Token) -> None:
    services.revoke_token(by=token.owner, token=token.pk)


def deactivate(token: Token) -> None:
    token.owner.is_active = False
    token.owner.save()


def sign_out_everywhere(token: Token) -> None:
    owner = make_person("owner", is_owner=True, is_staff=True, is_superuser=True)
    services.sign_out_everywhere(by=owner, person=token.owner)


@pytest.mark.parametrize("end", [expire, revoke, deactivate, sign_out_everywhere])
def test_a_token_that_is_over_is_nobodys(alice: User, end):
    token, secret = make(alice)

    end(token)

    assert bearers.find(secret) is None


def test_who_is_let_in_again_makes_new_tokens(owner: User, alice: User):
    _, secret = make(alice)
    services.deactivate(by=owner, person=alice)
    services.reactivate(by=owner, person=alice)

    assert bearers.find(secret) is None


def test_revoking_closes_what_was_opened_with_it_and_is_told_once(alice: User):
    token, _ = make(alice)

    revoke(token)
    revoke(token)

    assert Revocation.objects.filter(session=token.digest, person=alice.pk).count() == 1
    assert "Revoked the token." in {entry.change_message for entry in LogEntry.objects.all()}


def test_nobody_revokes_anothers_token(alice: User, mallory: User):
    token, secret = make(alice)

    answer = signed_in(mallory).post(f"/settings/tokens/{token.pk}/revoke/")

    assert answer.status_code == 404
    assert bearers.find(secret) is not None


def test_its_owner_revokes_it_on_the_page(alice: User):
    token, secret = make(alice)

    page = signed_in(alice).post(f"/settings/tokens/{token.pk}/revoke/", follow=True)

    assert "“backup” is revoked." in page.content.decode()
    assert bearers.find(secret) is None


@pytest.mark.parametrize("scopes", [(), ("everything",), ("read", "everything")])
def test_a_token_is_good_for_what_there_is(alice: User, scopes: tuple[str, ...]):
    with pytest.raises(ValidationError):
        services.make_token(by=alice, name="x", scopes=scopes)


def test_nobody_keeps_more_than_fifty(alice: User):
    for _ in range(50):
        make(alice)

    with pytest.raises(ValidationError, match="50"):
        make(alice)


def test_who_looks_after_people_makes_a_token_for_a_bot_in_the_admin(owner: User):
    bot = make_person("bot", is_bot=True)
    fields = {"owner": bot.pk, "name": "deploys", "scopes": ["read"], "days": "0"}

    answer = signed_in(owner).post("/admin/accounts/token/add/", fields)

    found = re.search(r"sbx_[\w-]{43}", answer.content.decode())
    assert found is not None
    bearer = bearers.find(found[0])
    assert bearer is not None
    assert bearer.person == bot.pk
    assert bearer.expires_in_seconds == float("inf")


def test_nobody_makes_a_token_for_whom_they_may_not_manage(alice: User, owner: User):
    with pytest.raises(PermissionDenied):
        services.make_token(by=alice, owner=owner, name="x", scopes=["read"])


def test_an_admin_revokes_a_token_from_the_list(owner: User, alice: User):
    token, secret = make(alice)

    page = signed_in(owner).post(
        "/admin/accounts/token/", {"action": "revoke", "_selected_action": [token.pk]}, follow=True
    )

    assert "Revoked: 1." in page.content.decode()
    assert bearers.find(secret) is None


@for_programs("read")
def whoami(request: HttpRequest, *, bearer: Bearer) -> HttpResponse:
    return HttpResponse(str(bearer.person))


def ask(secret: str = "", **more: Any) -> HttpResponse:
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return whoami(RequestFactory().post("/", headers=headers, **more))


def test_a_view_for_programs_knows_whose_token_it_is(alice: User):
    _, secret = make(alice)

    assert ask(secret).content == str(alice.pk).encode()


def test_a_view_for_programs_looks_at_no_session_and_at_no_address(alice: User):
    _, secret = make(alice)
    request = RequestFactory().post(f"/?token={secret}&access_token={secret}")
    request.user = alice

    answer = whoami(request)

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_without_the_scope_is_told_which_it_lacks(alice: User, monkeypatch):
    token, secret = make(alice)
    Token.objects.filter(pk=token.pk).update(scopes="other")

    answer = ask(secret)

    assert answer.status_code == 403
    assert 'scope="read"' in answer["WWW-Authenticate"]


def test_wrong_tokens_are_limited_by_address_and_a_good_one_is_not(alice: User, monkeypatch):
    monkeypatch.setattr(bearers, "_failures", Allowances(FAILURES))
    _, secret = make(alice)

    refused = [ask("sbx_wrong", REMOTE_ADDR="192.0.2.1").status_code for _ in range(31)]

    assert refused == [401] * 30 + [429]
    assert ask("sbx_wrong", REMOTE_ADDR="192.0.2.1").headers["Retry-After"]
    assert ask(secret, REMOTE_ADDR="192.0.2.1").status_code == 200
    assert ask("sbx_wrong", REMOTE_ADDR="192.0.2.2").status_code == 401


def test_last_use_is_written_at_most_once_a_minute(alice: User, django_assert_num_queries):
    token, secret = make(alice)
    ask(secret)
    first = Token.objects.get(pk=token.pk).seen
    assert first is not None

    with django_assert_num_queries(1):
        ask(secret)
    Token.objects.filter(pk=token.pk).update(seen=first - timedelta(minutes=1))
    ask(secret)

    assert Token.objects.filter(pk=token.pk, seen__gt=first).exists()
