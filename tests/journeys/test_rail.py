"""The rail as one arranges it: favourites, an order of one's own, everything read."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.page import LOGIN, ChatPage
from tests.journeys.stage import Stage, Troupe, gather
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    """People whose rails hold nothing of other journeys, and Bob who talks to them."""
    return gather(live_server_process, "bob", "dora", "erin", "finn", "gwen")


def rooms(person: ChatPage) -> Locator:
    return person.rail.locator("[data-room] .rail-name")


def expect_order(person: ChatPage, *names: str) -> None:
    expect(rooms(person)).to_have_text([*names])


def test_favourites_stand_above_the_others_in_every_tab(stage: Stage):
    path = stage.room("f one", "dora")
    stage.room("f two", "dora")
    dora = stage.enter("dora", stage.room("f three", "dora"))
    second = dora.tab(path)
    expect_order(dora, "f one", "f three", "f two", "general")
    expect(dora.rail.get_by_role("heading", name="Favourites")).to_have_count(0)

    dora.choose("Room menu", "Add to favourites")

    for tab in (dora, second):
        expect_order(tab, "f three", "f one", "f two", "general")
        expect(tab.rail.get_by_role("heading", name="Favourites")).to_be_visible()
    dora.choose("Room menu", "Remove from favourites")
    expect_order(second, "f one", "f three", "f two", "general")


def test_rooms_are_moved_by_keyboard_and_it_is_said_where_they_are(stage: Stage):
    first = stage.room("k one", "erin")
    stage.room("k two", "erin")
    erin = stage.enter("erin", first)
    expect_order(erin, "general", "k one", "k two")

    erin.page.keyboard.press("Control+Shift+ArrowDown")
    expect_order(erin, "general", "k two", "k one")
    expect(erin.page.locator("#announcer")).to_have_text("k one: place 3 of 3")

    erin.room("k two").focus()
    erin.page.keyboard.press("Control+Shift+ArrowUp")
    expect_order(erin, "k two", "general", "k one")
    expect(erin.room("k two")).to_be_focused()
    expect(erin.page.locator("#announcer")).to_have_text("k two: place 1 of 3")

    # With text in the composer the same keys select, and the room stays.
    erin.composer.fill("some words")
    erin.page.keyboard.press("Control+Shift+ArrowUp")
    expect_order(erin.tab(first), "k two", "general", "k one")


def drag(person: ChatPage, room: str, beside: str) -> None:
    """Drag a room to the place below another one."""
    source, target = person.room(room).bounding_box(), person.room(beside).bounding_box()
    assert source is not None
    assert target is not None
    mouse = person.page.mouse
    mouse.move(source["x"] + 40, source["y"] + source["height"] / 2)
    # What it takes is loaded when the mouse comes near.
    expect(person.page.locator("chat-rail")).to_have_attribute("data-movable", "yes")
    mouse.down()
    mouse.move(target["x"] + 40, target["y"] + target["height"] - 4, steps=6)
    expect(person.page.locator(".drop-line")).to_be_visible()
    mouse.up()


def test_rooms_are_dragged_to_their_places_and_among_the_favourites(stage: Stage):
    path = stage.room("d one", "finn")
    stage.room("d two", "finn")
    finn = stage.enter("finn", path)
    expect_order(finn, "d one", "d two", "general")

    drag(finn, "d one", beside="general")
    expect_order(finn, "d two", "general", "d one")
    expect(finn.page.locator(".drop-line")).to_have_count(0)
    finn.expect_room("d one")

    finn.choose("Room menu", "Add to favourites")
    expect_order(finn, "d one", "d two", "general")
    drag(finn, "general", beside="d one")
    expect_order(finn, "d one", "general", "d two")
    expect_order(finn.tab(path), "d one", "general", "d two")


def test_a_finger_that_rests_on_a_room_drags_it(stage: Stage):
    path = stage.room("t one", "gwen")
    stage.room("t two", "gwen")
    gwen = stage.enter("gwen", path, has_touch=True)
    expect_order(gwen, "general", "t one", "t two")
    touch = gwen.page.context.new_cdp_session(gwen.page)
    box, target = gwen.room("general").bounding_box(), gwen.room("t two").bounding_box()
    assert box is not None
    assert target is not None

    def send(kind: str, *points: dict[str, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [*points]})

    x = box["x"] + 40
    send("touchStart", {"x": x, "y": box["y"] + 10})
    expect(gwen.room("general")).to_have_class(re.compile("is-dragged"))
    for y in (box["y"] + 30, target["y"], target["y"] + target["height"] - 3):
        send("touchMove", {"x": x, "y": y})
    send("touchEnd")

    expect_order(gwen, "t one", "t two", "general")
    gwen.expect_room("t one")


def test_what_is_counted_is_what_a_click_shows_and_all_is_read_at_once(stage: Stage):
    path, other, start = (stage.room(name, "bob", "dora") for name in ("u one", "u two", "u zero"))
    dora, bob = stage.enter("dora", start), stage.enter("bob", path)
    second = dora.tab(start)
    bob.say("bob 1", "bob 2", "bob 3").expect_said("bob 1", "bob 2", "bob 3")
    bob.act(bob.message("bob 2"), "Delete")
    bob.answer("Delete")
    expect(dora.room("u one")).to_have_accessible_name("u one , 3 unread")

    dora.room("u one").click()
    divider = dora.page.get_by_text("New messages start here")
    expect(divider).to_have_count(1)
    below = dora.log.locator(".unread-divider ~ .message")
    expect(below).to_have_count(3)
    expect(dora.room("u one")).to_have_accessible_name("u one")

    bob.open(other).say("bob 4")
    bob.open(start).say("bob 5")
    for tab in (dora, second):
        expect(tab.room("u two")).to_have_accessible_name("u two , 1 unread")
    dora.page.keyboard.press("Shift+Escape")
    for tab in (dora, second):
        expect(tab.room("u two")).to_have_accessible_name("u two")
        expect(tab.page).to_have_title(re.compile("^#"))
    expect(dora.page.get_by_text("Everything is marked as read.")).to_be_visible()

    bob.say("bob 6").open(other).say("bob 7")
    expect(second.room("u two")).to_have_accessible_name("u two , 1 unread")
    second.choose("account menu", "Mark all rooms as read")
    expect(dora.room("u two")).to_have_accessible_name("u two")


def test_the_rail_beside_a_page_without_a_room_goes_on_counting(stage: Stage):
    path = stage.room("v one", "bob", "dora")
    start = stage.room("v zero", "bob", "dora")
    dora, bob = stage.enter("dora", start), stage.enter("bob", path)
    beside = dora.tab("/rooms/")
    expect(beside.room("v one")).to_have_accessible_name("v one")

    bob.say("bob 1")
    expect(beside.room("v one")).to_have_accessible_name("v one , 1 unread")
    dora.room("v one").click()
    expect(beside.room("v one")).to_have_accessible_name("v one")
    stage.room("v two", "dora")
    expect(beside.room("v two")).to_be_visible()
    dora.choose("Room menu", "Add to favourites")
    expect(beside.rail.get_by_role("heading", name="Favourites")).to_be_visible()

    # It is a live page in all: signing out closes it, and what it leads to is a page.
    beside.room("v one").click()
    beside.expect_room("v one").expect_live()
    beside.page.goto("/rooms/new/")
    beside.expect_live()
    dora.sign_out()
    expect(beside.page).to_have_url(LOGIN)
