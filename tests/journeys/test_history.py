"""What was said long ago is found again, and nothing jumps while one reads."""

import re

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, Troupe, run

LENGTH = 200
LINE = re.compile(r"\bline (\d+)\b")

FILL = f"""
import json, uuid
from chat import services
from chat.models import Room
from realtime_project.accounts.models import User
from chat.services import Post, post_messages
alice, bob = (User.objects.get(username=name).pk for name in ("alice", "bob"))
room = services.create_room(person=alice, name="archive").pk
services.join_room(person=bob, room=room)
posts = [Post(alice, uuid.uuid4(), f"line {{n}}") for n in range(1, {LENGTH} + 1)]
made = [one for start in range(0, {LENGTH}, 50)
        for one in post_messages(room=room, posts=posts[start:start + 50])]
services.mark_read(person=bob, room=room, seq=made[-1].seq)
print(json.dumps([f"/rooms/{{room}}/", [one.seq for one in made]]))
"""


@pytest.fixture(scope="module")
def archive(troupe: Troupe) -> tuple[str, list[int]]:
    """The path of a room with 200 messages, and their seqs."""
    path, seqs = run(troupe.installation, FILL)
    return path, seqs


def lines(reader: ChatPage) -> list[int]:
    """The numbers of the lines that the page has, in its order."""
    return [int(number) for number in LINE.findall(reader.log.inner_text())]


def line(reader: ChatPage, number: int) -> Locator:
    return reader.log.get_by_role("listitem").filter(has_text=re.compile(rf"\bline {number}\b"))


def top_of(row: Locator) -> float:
    box = row.bounding_box()
    assert box is not None
    return box["y"]


def test_history_comes_as_one_scrolls_back(stage: Stage, archive: tuple[str, list[int]]):
    bob = stage.enter("bob", archive[0])
    expect(line(bob, LENGTH)).to_be_in_viewport()
    assert lines(bob)[0] > 1

    while not line(bob, 1).is_visible():
        oldest = lines(bob)[0]
        line(bob, oldest).scroll_into_view_if_needed()
        expect(line(bob, max(1, oldest - 1))).to_have_count(1)

    assert lines(bob) == list(range(1, LENGTH + 1))
    expect(bob.page.get_by_text("This is the beginning of #archive.")).to_have_count(1)


def test_what_is_being_read_stays_where_it_is(stage: Stage, archive: tuple[str, list[int]]):
    older = re.compile(r"/messages\?before=")
    held: list[Route] = []
    bob = stage.visit("bob")
    bob.page.route(older, lambda route: held.append(route))
    with bob.page.expect_request(older):
        bob.open(archive[0])
        bob.log.evaluate("(view) => { view.scrollTop = 0; }")
    reading = line(bob, lines(bob)[3])
    place = top_of(reading)
    oldest = lines(bob)[0]

    held[0].continue_()
    expect(line(bob, oldest - 1)).to_have_count(1)

    assert abs(top_of(reading) - place) <= 2


def test_new_messages_wait_for_the_reader(stage: Stage, archive: tuple[str, list[int]]):
    bob, alice = stage.enter("bob", archive[0]), stage.enter("alice", archive[0])
    expect(line(bob, LENGTH)).to_be_in_viewport()
    reading = line(bob, lines(bob)[10])
    reading.scroll_into_view_if_needed()
    jump = bob.page.get_by_role("button", name=re.compile("new messages?$"))
    expect(bob.page.get_by_role("button", name="Jump to latest")).to_be_visible()

    alice.say("news 1", "news 2")
    expect(jump).to_have_text(re.compile(r"^\s*2 new messages\s*$"))
    expect(reading).to_be_in_viewport()

    jump.click()
    expect(bob.message("news 2")).to_be_in_viewport()
    expect(jump).to_have_count(0)
    bob.expect_said("news 1", "news 2")


def test_a_link_opens_the_page_around_its_message(stage: Stage, archive: tuple[str, list[int]]):
    path, seqs = archive
    bob = stage.enter("bob", f"{path}@{seqs[59]}")

    expect(line(bob, 60)).to_be_in_viewport()
    expect(line(bob, 60)).to_be_focused()
    around = lines(bob)
    assert around == list(range(around[0], around[-1] + 1))
    assert LENGTH not in around

    bob.page.get_by_role("button", name="Jump to latest").click()
    expect(line(bob, LENGTH)).to_be_visible()


def test_a_link_to_another_message_opens_in_place(stage: Stage, archive: tuple[str, list[int]]):
    path, seqs = archive
    alice = stage.enter("alice", stage.room("pointers", "alice"))
    alice.say(f"see {stage.visitors.base_url}{path}@{seqs[99]}")
    alice.page.goto(f"{path}@{seqs[9]}")
    expect(line(alice, 10)).to_be_focused()

    line(alice, 20).get_by_role("link").click()

    expect(line(alice, 20)).to_be_focused()
    expect(alice.page).to_have_url(re.compile(rf"{path}@{seqs[19]}$"))
    alice.page.go_back()
    expect(line(alice, 10)).to_be_focused()


def test_a_copied_link_is_the_message_s_own(stage: Stage, archive: tuple[str, list[int]]):
    path, seqs = archive
    bob = stage.visit("bob", permissions=["clipboard-read", "clipboard-write"]).open(path)

    bob.act(line(bob, LENGTH), "Copy link")

    expect(bob.page.get_by_text("Link copied")).to_be_visible()
    copied = bob.page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{stage.visitors.base_url}{path}@{seqs[-1]}"
