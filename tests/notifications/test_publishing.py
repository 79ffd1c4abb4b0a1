"""Telling people something from outside, by HTTP with a token."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.utils import timezone

from chat.models import Message, Room
from chat.services import leave_room
from notifications import api, services
from notifications.models import Announcement, Happening, Inbox, Notification, Published, Trace
from notifications.preferences.models import Regard
from notifications.publishing.content import Draft, check
from notifications.publishing.services import forget_old, publish
from realtime_project.accounts import bearers
from realtime_project.accounts.bearers import Allowances
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
from tests.cast import make_person, make_room

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nobody_asked_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_allowances", Allowances(api.RATE))


class Program:
    """A program of somebody, with a token."""

    def __init__(self, owner: User, *scopes: str) -> None:
        _, secret = make_token(by=owner, name="test", scopes=scopes or ["notify"])
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def tell(self, target: str, body: str | bytes | dict[str, Any] = "", **headers: str) -> Any:
        kind = "application/json" if isinstance(body, dict) else "text/plain"
        data = json.dumps(body) if isinstance(body, dict) else body
        return self.client.post(
            f"/api/v1/notify/{target}",
            data,
            headers.pop("content_type", kind),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )


def told(person: User) -> list[Notification]:
    """What stands in somebody's inbox once all is told."""
    while services.tell_what_happened():
        pass
    return list(Notification.objects.filter(inbox=person.pk).there().order_by("pk"))


def shown(person: User) -> list[tuple[str, str]]:
    from notifications.rows import shown

    return [(row.text["en"], row.detail) for row in shown(told(person))]


def test_a_program_tells_its_owners_colleague(alice: User, bob: User, releases: Room):
    answer = Program(alice).tell("person/bob", "The disk is nearly full.", Title="web1")

    assert answer.status_code == 201
    assert answer.json()["target"] == "person/bob"
    assert shown(bob) == [("web1", "The disk is nearly full.")]
    [notification] = told(bob)
    assert notification.kind == "notifications.published"
    assert f'"actor":{alice.pk}' in notification.events


def test_what_ones_own_program_says_is_news_to_oneself(alice: User):
    Program(alice).tell("person/alice", "Backup done\nin 12 minutes")

    assert shown(alice) == [("Backup done", "in 12 minutes")]


def test_headers_say_how(alice: User):
    Program(alice).tell(
        "person/alice",
        "text",
        Title="web1",
        Priority="urgent",
        Click="https://example.org/web1",
        Tags="warning, disk,backup",
        Group="web1",
        Expires="2h",
    )

    [notification] = told(alice)
    assert notification.priority == 5
    assert notification.url == "https://example.org/web1"
    assert notification.group == f"published:{alice.pk}:web1"
    assert notification.expires is not None
    assert timedelta(hours=1) < notification.expires - timezone.now() <= timedelta(hours=2)
    assert shown(alice) == [("⚠️ web1", "text\n#disk #backup")]


def test_headers_may_have_an_x_before_them_and_are_in_any_script(alice: User):
    program = Program(alice)
    program.tell("person/alice", "1", **{"X-Title": "=?utf-8?B?R3LDvMOfZQ==?="})
    program.tell("person/alice", "2", Title="Grüße".encode().decode("latin1"))

    assert shown(alice) == [("Grüße", "1"), ("Grüße", "2")]


def test_a_browsers_priority_is_another_one(alice: User):
    Program(alice).tell("person/alice", "text", Priority="u=1, i")

    assert told(alice)[0].priority == 3


def test_json_says_the_same(alice: User):
    said = {"title": "web1", "text": "text", "priority": 4, "tags": ["fire"], "click": "/rooms/"}

    Program(alice).tell("person/alice", said)

    assert shown(alice) == [("🔥 web1", "text")]
    assert (told(alice)[0].priority, told(alice)[0].url) == (4, "/rooms/")


def test_what_is_of_one_group_is_one_notification(alice: User):
    program = Program(alice)
    for number in range(3):
        program.tell("person/alice", f"number {number}", Group="web1")

    [notification] = told(alice)
    assert notification.count == 3
    assert shown(alice) == [("number 2", "")]


def test_preferences_are_kept_to(alice: User, bob: User, releases: Room):
    Regard.objects.create(person=bob, other=alice, how=Regard.How.MUTED)

    assert Program(alice).tell("person/bob", "text").status_code == 201

    assert told(bob) == []


def test_a_program_tells_nobody_whom_its_owner_has_nothing_to_do_with(alice: User, mallory: User):
    # Everybody is in the first room, until they leave it.
    leave_room(person=mallory.pk, room=Room.objects.get(name="general").pk)

    answer = Program(mallory).tell("person/alice", "text")
    nobody = Program(mallory).tell("person/nobody", "text")

    assert (answer.status_code, answer.content) == (404, nobody.content)
    assert told(alice) == []
    assert not Published.objects.exists()


def test_who_runs_the_place_tells_anybody(alice: User):
    assert Program(make_person("admin", is_staff=True)).tell("person/alice", "x").status_code == 201


def test_a_group_is_told_by_who_is_in_it(alice: User, bob: User, carol: User, mallory: User):
    ops = Group.objects.create(name="ops team")
    ops.user_set.add(alice, bob)

    assert Program(mallory).tell("group/ops%20team", "text").status_code == 404
    assert Program(alice).tell("group/ops%20team", "text").status_code == 201

    assert [len(told(one)) for one in (alice, bob, carol, mallory)] == [1, 1, 0, 0]


def test_everybody_is_told_by_staff_who_may_announce(alice: User):
    admin = make_person("admin", is_staff=True)
    assert Program(admin).tell("all", "text").status_code == 403
    assert Program(alice).tell("all", "text").status_code == 403
    admin.user_permissions.add(Permission.objects.get(codename="add_announcement"))

    answer = Program(admin).tell("all", "We move tonight.", Title="Maintenance", Priority="4")

    announcement = Announcement.objects.get(pk=answer.json()["announcement"])
    assert (announcement.title, announcement.text) == ("Maintenance", "We move tonight.")
    assert (announcement.author, announcement.priority) == (admin, 4)


def test_a_room_is_told_by_a_post_that_says_it_came_from_a_program(alice: User, releases: Room):
    answer = Program(alice).tell("room/releases", "It *works*.", Title="v1.2 [out]", Tags="tada,v1")

    message = Message.objects.get(pk=answer.json()["message"])
    assert (message.room, message.author, message.via) == (releases, alice, "api")
    assert message.html.startswith("<p>🎉 <strong>v1.2 [out]</strong></p>")
    assert "<em>works</em>" in message.html
    assert "<code>v1</code>" in message.html
    assert answer.json()["url"] == f"/rooms/{releases.pk}/@{message.seq}"


def test_a_room_is_named_by_its_number_or_by_its_name(alice: User, mallory: User, releases: Room):
    make_room(alice, name="twins", is_private=True)
    make_room(alice, name="twins", is_private=True)
    program = Program(alice)

    assert program.tell(f"room/{releases.pk}", "x").status_code == 201
    assert program.tell("room/Releases", "x").status_code == 201
    assert program.tell("room/twins", "x").status_code == 409
    assert program.tell("room/nothing", "x").status_code == 404
    assert Program(mallory).tell(f"room/{releases.pk}", "x").status_code == 404


@pytest.mark.parametrize("header", ["Priority", "Group", "Expires"])
def test_what_means_nothing_in_a_room_is_refused(alice: User, releases: Room, header: str):
    answer = Program(alice).tell("room/releases", "text", **{header: "3"})

    assert answer.status_code == 422


def test_a_room_that_is_archived_takes_no_post(alice: User, releases: Room):
    Room.objects.filter(pk=releases.pk).update(archived=timezone.now())

    assert Program(alice).tell("room/releases", "text").status_code == 403


def test_the_same_key_again_is_answered_as_before(alice: User):
    program = Program(alice)

    first = program.tell("person/alice", "text", Idempotency_Key="a")
    again = program.tell("person/alice", "text", Idempotency_Key="a")
    other = program.tell("person/alice", "text", Idempotency_Key="b")

    assert (again.status_code, again.content) == (201, first.content)
    assert again["Idempotent-Replayed"] == "true"
    assert other.json()["id"] != first.json()["id"]
    assert len(told(alice)) == 2


@pytest.mark.parametrize(
    ("target", "body", "headers"),
    [
        ("person/alice", "other", {}),
        ("person/alice", "text", {"Title": "x"}),
        ("room/1", "text", {}),
    ],
)
def test_the_same_key_for_something_else_is_refused(alice: User, target: str, body: str, headers):
    program = Program(alice)
    program.tell("person/alice", "text", Idempotency_Key="a")

    assert program.tell(target, body, Idempotency_Key="a", **headers).status_code == 422


def test_a_key_is_its_owners(alice: User, bob: User):
    for person in (alice, bob):
        Program(person).tell(f"person/{person.username}", "text", Idempotency_Key="a")

    assert [len(told(person)) for person in (alice, bob)] == [1, 1]


def test_what_failed_keeps_no_key(alice: User, releases: Room):
    program = Program(alice)
    assert program.tell("room/later", "text", Idempotency_Key="a").status_code == 404
    make_room(alice, name="later")

    assert program.tell("room/later", "text", Idempotency_Key="a").status_code == 201


@pytest.mark.parametrize("target", ["person/bob", "room/releases", "all"])
def test_the_same_key_a_hundred_times_at_once_is_said_once(
    alice: User, bob: User, releases: Room, target: str
):
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)

    def ask(_number: int) -> str:
        try:
            said = Draft(text="only once")
            return publish(sender=alice.pk, target=target, draft=said, key="once").answer
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(ask, range(100)))

    assert len(set(answers)) == 1
    assert Published.objects.count() == 1
    there = {
        "person/bob": lambda: len(told(bob)),
        "room/releases": Message.objects.filter(room=releases).count,
        "all": Announcement.objects.count,
    }
    assert there[target]() == 1


def test_keys_are_forgotten_after_a_week(alice: User):
    program = Program(alice)
    program.tell("person/alice", "text", Idempotency_Key="a")
    assert len(told(alice)) == 1

    forget_old(timezone.now() + timedelta(days=6))
    assert Published.objects.exists()
    forget_old(timezone.now() + timedelta(days=8))

    assert not Published.objects.exists()
    assert len(told(alice)) == 1


def test_a_token_for_reading_tells_nobody_anything(alice: User):
    answer = Program(alice, "read").tell("person/alice", "text")

    assert answer.status_code == 403
    assert 'scope="notify"' in answer["WWW-Authenticate"]
    assert told(alice) == []


def test_a_session_is_no_token(alice: User):
    browser = Client()
    browser.force_login(alice)

    assert browser.post("/api/v1/notify/person/alice", "x", "text/plain").status_code == 401


def test_a_token_has_an_allowance(alice: User, monkeypatch: pytest.MonkeyPatch):
    # However long it takes to ask: nothing is given meanwhile.
    monkeypatch.setattr(bearers, "time", SimpleNamespace(monotonic=lambda: 1000.0))
    program = Program(alice)
    statuses = {
        program.tell("person/alice", "x", Idempotency_Key="a").status_code for _ in range(120)
    }
    late = [program.tell("person/alice", "x", Idempotency_Key="a") for _ in range(30)]

    assert statuses == {201}
    refused = [answer for answer in late if answer.status_code == 429]
    assert refused
    assert int(refused[0]["Retry-After"]) >= 1
    assert refused[0].json()["error"]["code"] == "too_fast"


REFUSED: list[tuple[str, Any, dict[str, str], int]] = [
    ("person/alice", "", {}, 422),
    ("person/alice", "x" * 4097, {}, 413),
    ("person/alice", {"text": "ü" * 2049}, {}, 413),
    ("person/alice", b"\xff", {}, 400),
    ("person/alice", "nul\0", {}, 400),
    ("person/alice", {"text": "nul\0"}, {}, 400),
    ("person/alice", {"text": "x", "colour": "red"}, {}, 400),
    ("person/alice", {"text": ["x"]}, {}, 400),
    ("person/alice", "x", {"content_type": "image/png"}, 415),
    ("person/alice", "x", {"Priority": "6"}, 422),
    ("person/alice", "x", {"Expires": "tomorrow"}, 422),
    ("person/alice", "x", {"Title": "x" * 121}, 422),
    ("person/alice", "x", {"Title": "=?nonsense?B?AA==?="}, 400),
    ("person/alice", "x", {"Click": "javascript:alert(1)"}, 422),
    ("person/alice", "x", {"Idempotency_Key": "x" * 256}, 400),
    ("person/", "x", {}, 404),
    ("person", "x", {}, 404),
    ("planet/earth", "x", {}, 404),
    ("person/" + "x" * 300, "x", {}, 404),
    ("all/of/us", "x", {}, 404),
]


@pytest.mark.parametrize(("target", "body", "headers", "status"), REFUSED)
def test_a_refusal_says_what_is_wrong(alice: User, target: str, body: Any, headers, status: int):
    answer = Program(alice).tell(target, body, **headers)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/json"
    assert answer.json()["error"]["detail"]
    assert not Happening.objects.exists()


def test_it_is_for_post(alice: User):
    answer = Program(alice).client.get("/api/v1/notify/person/alice")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


@pytest.mark.parametrize("url", ["/rooms/7/", "/", "http://example.org", "https://[::1]:8/x?y#z"])
def test_click_leads_to_a_page(url: str):
    assert check(Draft(text="x", click=url), NOW).click == url


@pytest.mark.parametrize(
    "url",
    ["//evil.example", "/\\evil.example", "https:", "data:text/html,x", "ftp://x", "rooms/7",
     "https://x/ y", "https://x\\@y", " javascript:x", "https://[::1", "x" * 501],
)  # fmt: skip
def test_click_leads_nowhere_else(url: str):
    with pytest.raises(ValidationError):
        check(Draft(text="x", click=url), NOW)


@pytest.mark.parametrize(
    ("said", "after"),
    [("30s", 30), ("15m", 900), ("12 h", 43200), ("3d", 259200),
     ("2026-05-04T13:00:00Z", 3600), ("2026-05-04T16:00:00+02:00", 7200), (1777899600, 3600)],
)  # fmt: skip
def test_expires_is_a_span_or_a_time(said: str | int, after: int):
    assert check(Draft(text="x", expires=said), NOW).expires == NOW + timedelta(seconds=after)


@pytest.mark.parametrize(
    "said", ["-1h", "0s", "367d", "2026-05-04T13:00:00", "2025-01-01T00:00:00Z", "99999999999"]
)
def test_expires_lies_ahead_and_is_clear(said: str):
    with pytest.raises(ValidationError):
        check(Draft(text="x", expires=said), NOW)


def test_an_inbox_is_made_for_who_has_none(alice: User):
    assert not Inbox.objects.filter(pk=alice.pk).exists()

    Program(alice).tell("person/alice", "text")

    assert len(told(alice)) == 1


def test_what_a_program_says_leaves_the_reasons_why_it_was_told_or_was_not(
    alice: User, bob: User, releases: Room
):
    program = Program(alice)
    [number, unwanted] = [program.tell("person/bob", text).json()["id"] for text in ("One", "Two")]
    Happening.objects.exclude(facts__contains=f":{number},").update(
        due=timezone.now() + timedelta(hours=1)
    )
    told(bob)
    Regard.objects.create(person=bob, other=alice, how=Regard.How.MUTED)
    Happening.objects.update(due=timezone.now())

    assert len(told(bob)) == 1

    traces = {one.subject: one.lines for one in Trace.objects.filter(person=bob)}
    assert traces[f"published:{number}"][-1][0] in ("sent", "inbox")
    assert [line[0] for line in traces[f"published:{unwanted}"]][-2:] == ["person_muted", "nothing"]
