"""`manage.py demo`: an installation that looks as if a team had worked in it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from chat.demo.phrases import LANGUAGES
from chat.demo.talk import Talk
from tests.conftest import NewInstallation
from tests.journeys.stage import run
from tests.servers.installation import Installation, sqlite_in

FACTS = """
import json
from django.db.models import Count, F, Max, Min
from chat import queries
from chat.models import Membership, Message, Room
from realtime_project.accounts.models import User
owner = User.objects.get(is_owner=True)
mine = Membership.objects.active().filter(person=owner).select_related("room")
others = Membership.objects.active().exclude(person=owner).select_related("room")
span = Message.objects.aggregate(first=Min("created"), last=Max("created"))
print(json.dumps({
    "names": list(User.objects.values_list("display_name", flat=True)),
    "hashes": list(User.objects.order_by().values_list("password", flat=True).distinct()),
    "colors": User.objects.order_by().values("avatar_color").distinct().count(),
    "rooms": {room.name: room.number for room in Room.objects.all()},
    "private": Room.objects.filter(is_private=True).count(),
    "archived": Room.objects.exclude(archived=None).count(),
    "favourites": mine.filter(is_favourite=True).count(),
    "topic": max(len(topic) for topic in Room.objects.values_list("topic", flat=True)),
    "stored": Message.objects.count(),
    "edited": Message.objects.exclude(edited=None).count(),
    "deleted": Message.objects.exclude(deleted=None).filter(text="", html="").count(),
    "html": "".join(Message.objects.values_list("html", flat=True)),
    "days": (span["last"] - span["first"]).days,
    "unread": {one.room.name: one.room.number - one.read_number for one in mine},
    "unread of others": [[one.person_id, one.room.number - one.read_number] for one in others],
    "own unread": Message.objects.exclude(author=owner).filter(
        room__memberships__in=others, room__memberships__person=F("author"),
        seq__gt=F("room__memberships__read_seq")).count(),
    "pictured": User.objects.exclude(picture="").count(),
}))
"""
SCRIPTS = {
    "Latin": "[A-Za-z]",
    "Cyrillic": "[\u0400-\u04ff]",
    "Greek": "[\u0370-\u03ff]",
    "Arabic": "[\u0600-\u06ff]",
    "Hebrew": "[\u0590-\u05ff]",
    "Devanagari": "[\u0900-\u097f]",
    "Han": "[\u4e00-\u9fff]",
    "Hiragana": "[\u3040-\u309f]",
    "Hangul": "[\uac00-\ud7af]",
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass
class Demo:
    """An installation that was empty, what the command printed, and what stands in it now."""

    installation: Installation
    printed: str
    facts: Any

    @property
    def password(self) -> str:
        return password_in(self.printed)


def password_in(printed: str) -> str:
    [found] = re.findall(r"Sign in as .*: (\S+)$", printed, flags=re.MULTILINE)
    return str(found)


@pytest.fixture(scope="module")
def demo(new_installation: NewInstallation) -> Demo:
    installation = new_installation()
    printed = installation.manage("demo")
    return Demo(installation, printed, run(installation, FACTS))


def test_every_page_has_something_to_show(demo):
    found = demo.facts

    assert found["stored"] == sum(found["rooms"].values())
    assert 2_900 < found["stored"] < 3_100
    assert max(found["rooms"].values()) > 400
    assert min(found["rooms"].values()) == 0
    assert found["topic"] > 150
    for kind in ("private", "archived", "favourites"):
        assert found[kind], kind
    assert found["edited"] > 20
    assert found["deleted"] > 5
    assert found["days"] > 20
    assert found["colors"] > 6


@pytest.mark.parametrize("script", SCRIPTS)
def test_people_and_what_they_say_are_written_in_many_scripts(demo, script: str):
    found = demo.facts

    assert any(re.search(SCRIPTS[script], name) for name in found["names"])
    assert re.search(SCRIPTS[script], re.sub("<[^>]*>", "", found["html"]))


def test_messages_are_of_all_kinds(demo):
    html = demo.facts["html"]

    for tag in (
        "<pre",
        "<ul>",
        "<ol",
        "<blockquote>",
        "<a href",
        "<table>",
        "<strong>",
        "<em>",
        "<s>",
    ):
        assert tag in html, tag
    assert "<p>👍</p>" in html


def test_what_is_unread_differs_from_room_to_room(demo):
    found = demo.facts

    assert len(set(found["unread"].values())) > 6
    assert 0 in found["unread"].values()
    assert max(found["unread"].values()) > 99


def test_everybody_has_read_some_rooms_and_most_have_something_unread(demo):
    unread: dict[int, list[int]] = {}
    for person, number in demo.facts["unread of others"]:
        unread.setdefault(person, []).append(number)

    assert len(unread) > 30
    assert all(0 in numbers for numbers in unread.values())
    assert sum(any(numbers) for numbers in unread.values()) > 25
    assert len({tuple(sorted(numbers)) for numbers in unread.values()}) > 20
    # What somebody has said themselves they have read.
    assert demo.facts["own unread"] == 0


def test_some_people_have_pictures_and_some_have_none(demo):
    assert 5 < demo.facts["pictured"] < 20
    names = {path.name for path in (demo.installation.var / "media" / "people").iterdir()}
    assert len(names) == demo.facts["pictured"]


def test_everybody_comes_in_with_the_password_that_was_printed(demo):
    hashes = demo.facts["hashes"]
    check_password = Argon2PasswordHasher().verify

    assert len(hashes) == 2
    assert all(check_password(demo.password, one) for one in hashes)
    assert not any(check_password("another one", one) for one in hashes)
    assert (demo.installation.var / "demo_password").stat().st_mode & 0o077 == 0


def test_where_something_was_said_it_must_be_wanted(demo, tmp_path):
    var = tmp_path / "copy"
    installation = demo.installation.copy_to(var, sqlite_in(var))
    password, before = demo.password, demo.facts

    with pytest.raises(AssertionError, match="Something was said here already"):
        installation.manage("demo")
    assert password_in(installation.manage("demo", "--once")) == password
    assert run(installation, FACTS) == before

    installation.manage("demo", "--add")

    after = run(installation, FACTS)
    assert after["names"] == before["names"]
    assert after["rooms"]["releases"] == before["rooms"]["releases"]
    assert after["rooms"]["releases 2"] > 50


def test_a_server_that_runs_would_not_hear_of_it(new_installation):
    with (
        new_installation().served() as installation,
        pytest.raises(AssertionError, match="Stop the server first"),
    ):
        installation.manage("demo")


@pytest.mark.parametrize("language", [*LANGUAGES, "mixed"])
@pytest.mark.parametrize("count", [0, 1, 400])
def test_talk_is_in_order_ends_now_and_is_the_same_each_time(language: str, count: int):
    said = [Talk(Random(7), language, [1, 2, 3]).until(NOW, count=count, days=30) for _ in "ab"]

    times = [message.created for message in said[0]]
    assert said[0] == said[1]
    assert len(times) == count
    assert times == sorted(times)
    assert all(NOW - timedelta(days=90) < when < NOW for when in times)
    assert all("{" not in one.text or "```" in one.text for one in said[0])
