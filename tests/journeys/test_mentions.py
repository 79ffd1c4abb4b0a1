"""Mentioning people: offered while one types, told to those whom it concerns."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.axe import DESK, PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, run

FILL = """
from chat.services import join_room
from tests.cast import make_person
for place in range({number}):
    join_room(person=make_person(f"{room}-{{place}}").pk, room={room})
print("true")
"""


def options(person: ChatPage) -> Locator:
    return person.page.get_by_role("listbox", name="Whom to mention").get_by_role("option")


def expect_chosen(person: ChatPage, words: str) -> None:
    """The choice is marked, and told to who does not see it."""
    chosen = options(person).and_(person.page.locator("[aria-selected=true]"))
    expect(chosen).to_have_text(re.compile(words))
    expect(person.composer).to_have_attribute(
        "aria-activedescendant", chosen.get_attribute("id") or "none"
    )


def test_people_are_offered_from_the_at_on_and_chosen_by_keyboard(stage: Stage):
    alice = stage.enter("alice", stage.room("naming", "alice", "bob"))

    alice.composer.press_sequentially("Ask @b")
    expect_chosen(alice, "Bob")
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value("Ask @bob ")
    expect(options(alice)).to_have_count(0)

    alice.composer.press_sequentially("and @mal")
    expect_chosen(alice, r"Mallory @mallory\s+not in this room")
    alice.composer.press("Tab")
    expect(alice.composer).to_have_value("Ask @bob and @mallory ")
    expect(alice.composer).to_be_focused()
    alice.composer.press("Enter")
    alice.expect_said("Ask @bob and @mallory")


def test_escape_puts_the_offer_away_and_a_whole_name_is_sent(stage: Stage):
    alice = stage.enter("alice", stage.room("sending", "alice", "bob"))

    alice.composer.press_sequentially("@b")
    expect_chosen(alice, "Bob")
    alice.composer.press("Escape")
    expect(options(alice)).to_have_count(0)
    expect(alice.composer).to_have_value("@b")

    alice.composer.fill("")
    alice.composer.press_sequentially("@bo")
    expect_chosen(alice, "Bob")
    alice.composer.press("b")
    alice.composer.press("Enter")
    expect(alice.log.get_by_text("@bob")).to_be_visible()
    expect(alice.composer).to_have_value("")


def test_arrows_walk_and_the_pointer_chooses_on_a_desk_and_on_a_phone(stage: Stage):
    path = stage.room("walking", "alice", "bob", "mallory")
    alice = stage.enter("alice", path, viewport=DESK)
    alice.composer.press_sequentially("@")
    expect_chosen(alice, "Bob")
    alice.composer.press("ArrowDown")
    expect_chosen(alice, "Mallory")
    for words in ("present", "Everybody in", "Bob"):
        alice.composer.press("ArrowDown")
        expect_chosen(alice, words)
    expect_nothing(alice.page)
    options(alice).filter(has_text="Mallory").click()
    expect(alice.composer).to_have_value("@mallory ")
    expect(alice.composer).to_be_focused()

    bob = stage.enter("bob", path, viewport=PHONE, has_touch=True)
    bob.composer.tap()
    bob.composer.press_sequentially("@al")
    options(bob).filter(has_text="Alice").tap()
    expect(bob.composer).to_have_value("@alice ")


def test_who_spoke_last_is_offered_first(stage: Stage):
    path = stage.room("speaking", "alice", "bob", "mallory")
    alice, mallory = stage.enter("alice", path), stage.enter("mallory", path)
    mallory.say("here I am")
    alice.expect_said("here I am")

    alice.composer.press_sequentially("@")

    expect(options(alice)).to_have_text(
        [re.compile(words) for words in ("Mallory", "Bob", "@here", "@room")]
    )


def test_before_many_are_told_it_is_asked_and_the_text_stays(stage: Stage):
    path = stage.room("everybody", "alice", "bob")
    fill(stage, path, 20)
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)

    alice.composer.fill("Lunch, @room!")
    alice.composer.press("Enter")
    expect(alice.dialog).to_have_accessible_name("Notify 21 people?")
    expect_nothing(alice.page)
    alice.answer("Do not send")
    expect(alice.composer).to_have_value("Lunch, @room!")
    expect(alice.composer).to_be_focused()

    alice.composer.press("Enter")
    alice.answer("Send")
    expect(alice.composer).to_have_value("")
    expect(bob.log.locator(".mention")).to_have_text("@room")


def test_what_was_written_offline_to_many_is_asked_about_once_it_arrives(stage: Stage):
    path = stage.room("later", "alice", "bob")
    fill(stage, path, 20)
    alice = stage.enter("alice", path)

    # What the page loads behind its back is there.
    alice.page.wait_for_load_state("networkidle")
    alice.page.context.set_offline(True)
    expect(alice.page.locator("html")).to_have_attribute("data-connection", "offline")
    alice.composer.fill("Dinner, @room!")
    alice.composer.press("Enter")
    expect(alice.composer).to_have_value("")
    alice.page.context.set_offline(False)

    said = alice.message("Dinner, @room!")
    expect(said).to_contain_text("This would notify more than 20 people.")
    said.get_by_role("button", name="Retry").click()
    expect(said.locator(".mention")).to_have_text("@room")


def test_who_is_mentioned_but_not_in_the_room_is_pointed_out_and_brought_in(stage: Stage):
    path = stage.room("missing", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)

    alice.say("@bob and @mallory should see this")

    words = "@mallory is not in this room and was not notified."
    said = alice.message("should see this")
    expect(said).to_contain_text(words)
    expect_nothing(alice.page)
    bob.expect_said("should see this")
    expect(bob.log).not_to_contain_text(words)
    said.get_by_role("button", name="Add to the room").click()
    expect(alice.page.get_by_text("1 person added and notified")).to_be_visible()
    expect(said).not_to_contain_text(words)

    alice.say("@dora has no account here").expect_said("has no account here")
    expect(alice.log.get_by_role("button", name="Add to the room")).to_have_count(0)


def fill(stage: Stage, path: str, number: int) -> None:
    """Bring people into a room who never come."""
    run(
        stage.troupe.installation,
        FILL.format(room=int(path.split("/")[2]), number=number),
    )
