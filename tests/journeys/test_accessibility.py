"""axe-core finds nothing, on any page, in light and dark, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage
from tests.journeys.test_talking import MARKDOWN

PAGES_OF_NOBODY = {
    "sign in": "/accounts/login/",
    "password reset": "/accounts/password/reset/",
    "password reset done": "/accounts/password/reset/done/",
    "setup link that is not valid": "/setup/wrong/",
    "sign up": "/accounts/signup/",
    "connection": "/connection/",
}
PAGES_OF_ALICE = {
    "browse": "/rooms/",
    "nothing found": "/rooms/?q=nothing",
    "archived rooms": "/rooms/?archived=yes",
    "new room": "/rooms/new/",
    "connection": "/connection/",
    "change password": "/accounts/password/change/",
    "sign out": "/accounts/logout/",
    "not found": "/rooms/999999/",
}


@pytest.mark.parametrize("path", PAGES_OF_NOBODY.values(), ids=PAGES_OF_NOBODY)
def test_before_one_signs_in(stage: Stage, path: str):
    page = stage.visitors()
    page.goto(path)
    expect_nothing(page)


@pytest.mark.parametrize("path", PAGES_OF_ALICE.values(), ids=PAGES_OF_ALICE)
def test_pages_around_the_chat(stage: Stage, path: str):
    alice = stage.visit("alice")
    alice.page.goto(path)
    expect_nothing(alice.page)


def test_a_form_with_mistakes(stage: Stage):
    page = stage.visitors()
    page.goto("/accounts/login/")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("textbox").first.fill("nobody")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect_nothing(page)


def test_an_empty_room(stage: Stage):
    alice = stage.enter("alice", stage.room("empty", "alice"))
    expect(alice.log.get_by_role("heading")).to_be_visible()
    expect_nothing(alice.page)


def test_a_full_room(stage: Stage):
    expect_nothing(full_room(stage).page)


def full_room(stage: Stage) -> ChatPage:
    """Alice in a room with something of everything in it."""
    path = stage.room("full", "alice", "bob", topic="Something of everything")
    other = stage.room("waiting", "alice", "bob")
    bob, alice = stage.enter("bob", path), stage.enter("alice", path)
    bob.say(MARKDOWN, "> see https://example.org/", "| a | b |\n| - | - |\n| 1 | 2 |", "bob 1")
    alice.expect_said("bob 1")
    alice.say("alice 1", "alice 2")
    alice.expect_said("alice 1", "alice 2")
    alice.act(alice.message("alice 1"), "Delete")
    alice.answer("Delete")
    expect(alice.message("This message was deleted.")).to_be_focused()
    bob.open(other).say("bob 2")
    expect(alice.room("waiting")).to_have_accessible_name("waiting , 1 unread")
    return alice


def delete_something(alice: ChatPage) -> None:
    alice.act(alice.message("alice 1"), "Delete")


def add_somebody(alice: ChatPage) -> None:
    alice.choose("Room menu", "Add people")
    alice.dialog.get_by_role("option").first.click()
    expect(alice.dialog.get_by_role("button", name="Add 1 person")).to_be_enabled()


def look_at_oneself(alice: ChatPage) -> None:
    alice.message("alice 1").get_by_role("button", name="Alice").click()
    expect(alice.dialog.get_by_role("heading", name="Rooms in common")).to_be_visible()


OPENINGS: tuple[Callable[[ChatPage], None], ...] = (
    lambda alice: alice.page.keyboard.press("Control+k"),
    lambda alice: alice.page.get_by_role("button", name="1 member").click(),
    lambda alice: alice.choose("account menu", "Keyboard shortcuts"),
    add_somebody,
    lambda alice: alice.choose("Room menu", "Room details"),
    look_at_oneself,
    lambda alice: alice.choose("Room menu", "Leave room"),
    delete_something,
)


def test_dialogs(stage: Stage):
    alice = stage.enter("alice", stage.room("dialogs", "alice"))
    alice.say("alice 1").expect_said("alice 1")
    for open_dialog in OPENINGS:
        open_dialog(alice)
        expect(alice.dialog).to_be_visible()
        expect_nothing(alice.page)
        alice.page.keyboard.press("Escape")
        expect(alice.dialog).to_have_count(0)


def test_a_room_one_was_removed_from_and_one_that_is_archived(stage: Stage):
    path = stage.room("closed to her", "bob", "alice")
    alice = stage.enter("alice", path)
    bob = stage.enter("bob", path)
    bob.page.get_by_role("button", name="2 members").click()
    bob.dialog.get_by_role("button", name="Remove Alice").click()
    bob.page.get_by_role("dialog").last.get_by_role("button", name="Remove", exact=True).click()
    expect(alice.log.get_by_role("heading", name="You were removed")).to_be_visible()
    expect_nothing(alice.page)

    bob.page.keyboard.press("Escape")
    bob.choose("Room menu", "Room details")
    bob.dialog.get_by_role("button", name="Archive room").click()
    bob.page.get_by_role("dialog").last.get_by_role("button", name="Archive room").click()
    expect(bob.page.get_by_text("This room is archived: it can be read")).to_be_visible()
    expect_nothing(bob.page)


def test_menus(stage: Stage):
    alice = stage.enter("alice", stage.room("menus", "alice"))
    for menu, entry in (("Room menu", "Members"), ("account menu", "Sign out")):
        alice.page.get_by_role("button", name=menu).click()
        expect(alice.page.get_by_role("button", name=entry, exact=True)).to_be_visible()
        expect_nothing(alice.page)
        alice.page.keyboard.press("Escape")


def test_the_drawer(stage: Stage):
    alice = stage.enter("alice", stage.room("drawer", "alice"), viewport=PHONE)
    alice.page.get_by_role("main").get_by_role("button", name="Rooms", exact=True).click()
    expect(alice.room("drawer")).to_be_visible()
    expect_nothing(alice.page)
