"""An installation with a thousand rooms: what every page costs, and how its rows are found."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from chat import personal, queries
from chat.models import Membership, Message, Personal, Room
from realtime_project.accounts.models import User
from realtime_project.live.cursor import Want
from tests.cast import make_person

pytestmark = pytest.mark.django_db

PEOPLE, ROOMS, MESSAGES = 500, 1_000, 20_000
HERS = 500
BIG_TABLES = {"chat_message", "chat_membership", "accounts_user", "chat_personal", "chat_room"}


@dataclass(frozen=True)
class Crowd:
    """Alice is in every second room; in `busy` everybody is, and most was said there."""

    alice: User
    busy: Room
    middle: int
    """The seq of a message amidst those of the busy room."""

    def path(self, pattern: str) -> str:
        return pattern.format(room=self.busy.pk, alice=self.alice.pk, middle=self.middle)


@pytest.fixture(scope="module")
def crowd(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crowd]:
    with django_db_blocker.unblock():
        yield fill()
        call_command("flush", "--no-input", "--verbosity=0")


def fill() -> Crowd:
    """Store everything in bulk: how it comes into being is told elsewhere."""
    alice = make_person("alice", is_staff=True, is_superuser=True)
    names = [f"person{number}" for number in range(PEOPLE - 1)]
    others = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.org", password="!") for name in names
    )
    Personal.objects.bulk_create(Personal(pk=one.pk, rev=1) for one in others)
    rooms = Room.objects.bulk_create(
        Room(name=f"team {number:04}", topic="What we do", rev=100, number=20, created_by=alice)
        for number in range(ROOMS)
    )
    busy = rooms[0]
    everybody = [alice, *others]
    inside = [(busy, one) for one in everybody]
    inside += [(room, alice) for room in rooms[2 : 2 * HERS : 2]]
    inside += [(rooms[n % (ROOMS - 1) + 1], others[n % len(others)]) for n in range(10_000)]
    Membership.objects.bulk_create(
        Membership(room=room, person=one, rev=1, personal_rev=1)
        for room, one in dict.fromkeys(inside)
    )
    said = [busy if number % 2 else rooms[number // 2 % ROOMS] for number in range(MESSAGES)]
    now = timezone.now()
    Message.objects.bulk_create(
        Message(
            room=room,
            author=everybody[number % PEOPLE],
            client_id=UUID(int=number),
            seq=number + 2,
            rev=number + 2,
            number=number + 1,
            text="x",
            html="<p>x</p>",
            created=now,
        )
        for number, room in enumerate(said)
    )
    Room.objects.update(rev=MESSAGES + 2, number=MESSAGES)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Crowd(alice, Room.objects.get(pk=busy.pk), MESSAGES // 2 + 1)


@pytest.fixture
def browser(crowd: Crowd) -> Client:
    browser = Client()
    browser.force_login(crowd.alice)
    return browser


PAGES = {
    "/": 5,
    "/rooms/{room}/": 10,
    "/rooms/{room}/@{middle}": 11,
    "/rooms/{room}/messages": 5,
    "/rooms/{room}/messages?before={middle}": 6,
    "/rooms/{room}/messages?after={middle}": 6,
    "/rooms/{room}/messages?around={middle}": 6,
    "/rooms/": 8,
    "/rooms/?page=7": 8,
    "/rooms/?q=team": 8,
    "/rooms/new/": 5,
    "/live/session": 3,
    "/live/state?topic=me": 6,
    "/live/state?topic=room:{room}": 6,
    "/admin/": 3,
    "/admin/chat/room/": 6,
    "/admin/chat/room/?q=team": 6,
    "/admin/chat/room/{room}/change/": 5,
    "/admin/chat/room/{room}/read/": 5,
    "/admin/accounts/user/": 7,
    "/admin/accounts/user/?q=person": 7,
    "/admin/accounts/user/{alice}/change/": 6,
    "/admin/live/revocation/": 7,
}
"""How many queries a page may take, whatever is in the installation."""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_takes_few_queries(crowd, browser, page: str, django_assert_max_num_queries):
    path = crowd.path(page)
    browser.get(path)

    with django_assert_max_num_queries(PAGES[page]):
        answer = browser.get(path)

    assert answer.status_code == (302 if page == "/" else 200)


def test_who_is_a_stranger_costs_nothing_but_the_form(crowd, django_assert_max_num_queries):
    with django_assert_max_num_queries(0):
        assert Client().get("/accounts/login/").status_code == 200


def test_the_list_of_rooms_and_a_rooms_page_stay_small(crowd, browser):
    assert len(browser.get("/rooms/").context["rooms"]) == 50
    rows = browser.get(crowd.path("/live/state?topic=room:{room}")).json()["rows"]
    assert sum(row["kind"] == "message" for row in rows) == 50
    assert len(browser.get("/live/state?topic=me").json()["rows"]) == HERS + 1


HOT = {
    "the page of a room": "/rooms/{room}/",
    "a permalink": "/rooms/{room}/@{middle}",
    "history backwards": "/rooms/{room}/messages?before={middle}",
    "history forwards": "/rooms/{room}/messages?after={middle}",
    "history around": "/rooms/{room}/messages?around={middle}",
    "the state of me": "/live/state?topic=me",
    "the state of a room": "/live/state?topic=room:{room}",
    "the front door": "/",
    "whether one is signed in": "/live/session",
}


@pytest.mark.parametrize("what", HOT)
def test_a_page_that_is_asked_for_often_finds_its_rows_by_an_index(crowd, browser, what: str):
    path = crowd.path(HOT[what])
    browser.get(path)

    with statements() as asked:
        browser.get(path)

    assert asked
    assert scans(asked) == []


def test_what_a_socket_resumes_from_is_found_by_an_index(crowd):
    rev = crowd.busy.rev
    wants = [Want(f"room:{room}", rev - 10) for room in range(crowd.busy.pk, crowd.busy.pk + 8)]
    with statements() as asked:
        queries.room_access(crowd.alice.pk, [want.key for want in wants])
        queries.room_changes(wants)
        personal.access(crowd.alice.pk)
        personal.changes([Want(f"me:{crowd.alice.pk}", 0)])

    assert asked
    assert scans(asked) == []


def test_a_scan_would_be_noticed(crowd):
    with statements() as asked:
        list(Message.objects.filter(html="<p>y</p>"))

    assert len(scans(asked)) == 1


@contextmanager
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is read from the database meanwhile."""
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def scans(asked: list[tuple[str, Any]]) -> list[str]:
    """Those statements that read a big table from one end to the other."""
    with connection.cursor() as cursor:
        find = scanned_by_postgres if connection.vendor == "postgresql" else scanned_by_sqlite
        return [sql for sql, params in asked if BIG_TABLES & find(cursor, sql, params)]


def scanned_by_sqlite(cursor: Any, sql: str, params: Any) -> set[str]:
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
    found = [re.match(r"SCAN (\w+)", step) for *_, step in cursor.fetchall()]
    return {match[1] for match in found if match}


def scanned_by_postgres(cursor: Any, sql: str, params: Any) -> set[str]:
    # Of tables as small as these it reads all where that is quicker. Asked not to, it shows
    # whether it could find the rows otherwise.
    for way in ("seqscan", "hashjoin", "mergejoin"):
        cursor.execute(f"SET LOCAL enable_{way} = off")
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    [[[explained]]] = cursor.fetchall()
    return set(unindexed(explained["Plan"]))


def unindexed(plan: dict[str, Any]) -> Iterator[str]:
    """The tables that a plan reads without a condition on an index."""
    is_scan = plan["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
    if is_scan and "Index Cond" not in plan:
        yield plan["Relation Name"]
    for part in plan.get("Plans", []):
        yield from unindexed(part)
