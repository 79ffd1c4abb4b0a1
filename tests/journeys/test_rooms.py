"""Rooms are made, found, switched between, read and left."""

import re

from playwright.sync_api import expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage

DIVIDER = "New messages start here"


def test_a_room_that_one_makes_another_finds_and_joins(stage: Stage):
    alice, bob = stage.enter("alice"), stage.enter("bob")
    alice.rail.get_by_role("link", name="New room").click()
    alice.page.get_by_label("Name").fill("Release train")
    alice.page.get_by_label("Topic").fill("What leaves when")
    alice.page.get_by_role("button", name="Create room").click()
    alice.expect_room("Release train").expect_live()
    expect(alice.page.get_by_role("button", name="1 member")).to_be_visible()

    bob.rail.get_by_role("link", name="Browse rooms").click()
    bob.page.get_by_role("searchbox", name="Search rooms").fill("train")
    bob.page.get_by_role("button", name="Search", exact=True).click()
    room = bob.page.get_by_role("main").get_by_role("listitem")
    expect(room).to_have_count(1)
    expect(room).to_contain_text("What leaves when")
    room.get_by_role("button", name="Join Release train").click()

    bob.expect_room("Release train").expect_live().say("bob 1")
    alice.expect_said("bob 1")
    expect(alice.page.get_by_role("button", name="2 members")).to_be_visible()
    expect(bob.room("Release train")).to_have_attribute("aria-current", "page")


def test_a_name_that_is_taken_is_refused_in_words(stage: Stage):
    stage.room("taken", "alice")
    bob = stage.visit("bob")
    bob.page.goto("/rooms/new/")
    bob.page.get_by_label("Name").fill("Taken")
    bob.page.get_by_role("button", name="Create room").click()

    expect(bob.page.get_by_text("There is already a public room with this name.")).to_be_visible()
    expect(bob.page.get_by_label("Name")).to_have_value("Taken")


def test_a_room_that_is_not_open_counts_what_is_unread(stage: Stage):
    path = stage.room("unread", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", stage.room("desk", "bob"))
    alice.say("alice 1", "alice 2")

    expect(bob.room("unread")).to_have_accessible_name("unread , 2 unread")
    expect(bob.page).to_have_title(re.compile(r"^\(2\) #desk"))
    expect(bob.room("desk")).to_have_accessible_name("desk")

    bob.room("unread").click()
    bob.expect_room("unread")
    expect(bob.page.get_by_text(DIVIDER)).to_have_count(1)
    for place, text in ((-3, DIVIDER), (-2, "alice 1"), (-1, "alice 2")):
        expect(bob.log.get_by_role("listitem").nth(place)).to_contain_text(text)
    expect(bob.room("unread")).to_have_accessible_name("unread")
    expect(bob.page).to_have_title(re.compile("^#unread"))


def test_reading_in_one_tab_counts_in_the_other(stage: Stage):
    path = stage.room("read twice", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", stage.room("aside", "bob"))
    second = bob.tab(bob.page.url)
    alice.say("alice 1")
    for tab in (bob, second):
        expect(tab.room("read twice")).to_have_accessible_name("read twice , 1 unread")

    bob.room("read twice").click()

    for tab in (bob, second):
        expect(tab.room("read twice")).to_have_accessible_name("read twice")


def test_rooms_change_in_place_and_back_goes_back(stage: Stage):
    first, second = stage.room("first", "alice"), stage.room("second", "alice")
    alice = stage.enter("alice", first)
    alice.page.evaluate("window.isSamePage = true")

    alice.room("second").click()
    alice.expect_room("second")
    expect(alice.page).to_have_url(re.compile(f"{second}$"))
    expect(alice.composer).to_be_focused()
    alice.say("in the second")
    alice.expect_said("in the second")

    alice.page.go_back()
    alice.expect_room("first")
    expect(alice.page).to_have_url(re.compile(f"{first}$"))
    expect(alice.message("in the second")).to_have_count(0)
    alice.page.go_forward()
    alice.expect_room("second")
    expect(alice.message("in the second")).to_be_visible()
    assert alice.page.evaluate("window.isSamePage") is True


def test_whoever_leaves_a_room_hears_no_more_of_it(stage: Stage):
    path = stage.room("leaving", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    second = bob.tab(path)

    leave(bob)

    expect(bob.page.get_by_role("button", name="Join leaving")).to_be_visible()
    expect(alice.page.get_by_role("button", name="1 member")).to_be_visible()
    expect(second.room("leaving")).to_have_count(0)
    expect(second.log.get_by_role("heading", name="You left #leaving")).to_be_visible()
    expect(second.page.get_by_text("You are no longer in this room.")).to_be_visible()
    expect(second.composer).to_have_count(0)
    alice.say("among ourselves")
    alice.expect_said("among ourselves")
    expect(second.message("among ourselves")).to_have_count(0)


def test_the_last_owner_is_told_to_hand_over_first(stage: Stage):
    alice = stage.enter("alice", stage.room("owned", "alice", "bob"))

    leave(alice)

    alice.expect_room("owned")
    expect(alice.page.get_by_text("Make somebody else the owner")).to_be_visible()


def leave(person: ChatPage) -> None:
    person.choose("Room menu", "Leave room")
    person.dialog.get_by_role("button", name="Leave room").click()


def test_a_private_room_is_nowhere_for_a_stranger(stage: Stage):
    path = stage.room("surprise", "alice", is_private="on")
    alice = stage.enter("alice", path)
    alice.say("alice 1")
    alice.expect_said("alice 1")
    mallory = stage.visit("mallory")

    for address in (path, f"{path}@2", "/rooms/999999/"):
        response = mallory.page.goto(address)
        assert response is not None
        assert response.status == 404
        expect(mallory.page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
        expect(mallory.page.get_by_text("alice 1")).to_have_count(0)

    mallory.page.get_by_role("link", name="Back to your rooms").click()
    mallory.expect_live()
    expect(mallory.room("surprise")).to_have_count(0)
    mallory.page.goto("/rooms/?q=surprise")
    expect(mallory.page.get_by_text("No room matches “surprise”")).to_be_visible()
