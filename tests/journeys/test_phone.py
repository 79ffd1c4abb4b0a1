"""On a phone: a drawer instead of the rail, buttons instead of keys, and no sideways scrolling."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}
TARGET = 44
NARROW = {"width": 320, "height": 568}
WIDE_TEXT = "\n\n".join(
    [
        "https://example.org/" + "long" * 40,
        "`" + "x" * 200 + "`",
        "```\n" + "wide " * 60 + "\n```",
        "| " + " | ".join(["column"] * 12) + " |\n" + "| --- " * 12 + "|",
        "m" * 300,
    ]
)


def drawer(person: ChatPage) -> Locator:
    return person.page.get_by_role("main").get_by_role("button", name="Rooms", exact=True)


def test_a_message_is_sent_with_the_button(stage: Stage):
    path = stage.room("pocket", "alice", "bob")
    alice, bob = stage.enter("alice", path, **PHONE), stage.enter("bob", path)

    alice.composer.tap()
    alice.composer.press_sequentially("alice 1")
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value("alice 1\n")
    expect(alice.message("alice 1")).to_have_count(0)
    alice.page.get_by_role("button", name="Send").tap()

    for one in (alice, bob):
        one.expect_said("alice 1")


def test_rooms_are_in_a_drawer(stage: Stage):
    first = stage.room("pocket one", "alice")
    stage.room("pocket two", "alice")
    alice = stage.enter("alice", first, **PHONE)
    expect(drawer(alice)).to_have_attribute("aria-expanded", "false")
    expect(alice.rail).to_have_count(0)

    drawer(alice).tap()
    expect(alice.room("pocket two")).to_be_in_viewport()
    alice.room("pocket two").tap()

    alice.expect_room("pocket two")
    expect(alice.rail).to_have_count(0)
    expect(alice.room("pocket two")).not_to_be_in_viewport()


def test_escape_closes_the_drawer(stage: Stage):
    alice = stage.enter("alice", **PHONE)
    drawer(alice).tap()
    expect(alice.rail).to_have_count(1)

    alice.page.keyboard.press("Escape")

    expect(alice.rail).to_have_count(0)
    expect(drawer(alice)).to_be_focused()


def test_nothing_is_wider_than_a_small_phone(stage: Stage):
    path = stage.room("narrow " + "name" * 10, "alice", topic="topic " * 30)
    alice = stage.enter("alice", path, **PHONE | {"viewport": NARROW})
    alice.composer.fill(WIDE_TEXT)
    alice.page.get_by_role("button", name="Send").tap()
    expect(alice.waiting).to_have_count(0)
    assert_fits(alice.page)

    for other in ("/rooms/", "/rooms/new/", "/rooms/999999/", "/accounts/password/change/"):
        alice.page.goto(other)
        assert_fits(alice.page)
    alice.page.context.clear_cookies()
    for other in ("/accounts/login/", "/accounts/password/reset/", "/setup/wrong/"):
        alice.page.goto(other)
        assert_fits(alice.page)


def assert_fits(page: Page) -> None:
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"], f"{page.url} is {width} px wide"
    main = page.get_by_role("main").bounding_box()
    assert main is not None
    assert main["x"] + main["width"] <= NARROW["width"]


def test_everything_to_touch_is_large_enough(stage: Stage):
    alice = stage.visit("alice", **PHONE)
    for path in ("/", "/rooms/", "/rooms/new/"):
        alice.page.goto(path)
        expect(alice.page.get_by_role("main")).to_be_visible()
        for control in alice.page.get_by_role("main").get_by_role("button").all():
            box = control.bounding_box()
            if box:
                assert min(box["width"], box["height"]) >= TARGET, control.inner_text()
