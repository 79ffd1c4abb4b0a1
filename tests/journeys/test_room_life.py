"""A room from its making to its end: browsed, made, renamed, archived, opened again."""

import re

from playwright.sync_api import expect

from tests.journeys.stage import Stage

LEFT_OF_TEXT = """(element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return Math.round(range.getBoundingClientRect().left);
}"""


def test_browsing_tells_how_many_are_in_a_room_and_whether_one_is(stage: Stage):
    stage.room("browse both", "alice", "bob", topic="For the two of us")
    stage.room("browse hers", "alice")
    bob = stage.visit("bob")
    bob.page.goto("/rooms/?q=browse")
    rooms = bob.page.get_by_role("main").get_by_role("listitem")
    expect(rooms).to_have_count(2)

    expect(rooms.nth(0)).to_contain_text("2 members · For the two of us")
    expect(rooms.nth(0)).to_contain_text("joined")
    expect(rooms.nth(0).get_by_role("link", name="Open browse both")).to_be_visible()
    expect(rooms.nth(1)).to_contain_text("1 member")
    expect(rooms.nth(1)).not_to_contain_text("joined")
    # The rail is there as in the chat, with what the person is in.
    expect(bob.room("browse both")).to_be_visible()
    expect(bob.room("browse hers")).to_have_count(0)
    rooms.nth(1).get_by_role("button", name="Join browse hers").click()
    bob.expect_room("browse hers").expect_live()


def test_making_a_room_tells_what_private_means(stage: Stage):
    alice = stage.visit("alice")
    alice.page.goto("/rooms/new/")
    expect(alice.page.get_by_role("radio", name="Public")).to_be_checked()
    expect(alice.page.get_by_text("Only people whom its members add can see it")).to_be_visible()
    alice.page.get_by_label("Name").fill("vault")
    alice.page.get_by_role("radio", name="Private").check()
    alice.page.get_by_role("button", name="Create room").click()
    alice.expect_room("vault").expect_live()

    mallory = stage.visit("mallory")
    mallory.page.goto("/rooms/?q=vault")
    expect(mallory.page.get_by_text("No room matches “vault”")).to_be_visible()


def test_a_new_name_and_topic_are_on_every_page_at_once(stage: Stage):
    path = stage.room("working title", "alice", "bob")
    stage.room("Name that is taken", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    alice.choose("Room menu", "Room details")
    name = alice.dialog.get_by_label("Name", exact=True)
    expect(name).to_have_value("working title")

    name.fill("name that is TAKEN")
    alice.dialog.get_by_role("button", name="Save").click()
    expect(
        alice.dialog.get_by_text("There is already a public room with this name.")
    ).to_be_visible()
    name.fill("final title")
    alice.dialog.get_by_label("Topic").fill("What it is called now")
    alice.answer("Save")

    for person in (alice, bob):
        person.expect_room("final title")
        expect(person.room("final title")).to_be_visible()
        expect(person.page.get_by_text("What it is called now").first).to_be_visible()
    alice.choose("Room menu", "Room details")
    expect(alice.dialog.get_by_role("checkbox", name="Newcomers see")).to_be_checked()
    alice.dialog.get_by_role("checkbox").uncheck()
    alice.answer("Save")
    alice.choose("Room menu", "Room details")
    expect(alice.dialog.get_by_role("checkbox", name="Newcomers see")).not_to_be_checked()


def test_an_archived_room_can_be_read_and_not_written_in_until_it_is_opened_again(stage: Stage):
    path, other = stage.room("old project", "alice", "bob"), stage.room("elsewhere", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    bob.say("bob 1").expect_said("bob 1")
    bob.composer.fill("not sent yet")

    alice.choose("Room menu", "Room details")
    alice.dialog.get_by_role("button", name="Archive room").click()
    question = alice.page.get_by_role("dialog", name="Archive #old project?")
    question.get_by_role("button", name="Archive room").click()

    for person in (alice, bob):
        expect(person.page.get_by_text("This room is archived: it can be read")).to_be_visible()
        expect(person.composer).to_have_count(0)
        expect(person.message("bob 1")).to_be_visible()
        expect(person.room("old project")).to_be_visible()
    bob.open(other)
    expect(bob.room("old project")).to_have_count(0)
    bob.page.goto("/rooms/?q=old+project")
    expect(bob.page.get_by_text("No room matches “old project”")).to_be_visible()
    bob.page.goto("/rooms/?archived=yes")
    bob.page.get_by_role("link", name="Open old project").click()
    bob.expect_room("old project").expect_live()
    expect(bob.page.get_by_text("This room is archived: it can be read")).to_be_visible()

    alice.choose("Room menu", "Room details")
    alice.answer("Open again")
    expect(bob.composer).to_have_value("not sent yet")
    bob.composer.press("Enter")
    alice.expect_said("bob 1")
    expect(alice.message("not sent yet")).to_be_visible()


def test_names_from_right_to_left_stand_where_the_others_do(stage: Stage):
    path = stage.room("غرفة التصميم", "alice", topic="كل ما يخص التصميم")
    stage.room("hebrew עברית mixed", "alice")
    alice = stage.enter("alice", path)
    alice.say("شكرا جزيلا!").expect_room("غرفة التصميم")
    said = alice.message("شكرا جزيلا!")
    expect(said).to_have_attribute("data-seq", re.compile(r"\d+"))

    text = said.get_by_text("شكرا جزيلا!")
    assert text.evaluate("(element) => getComputedStyle(element).unicodeBidi") == "plaintext"
    names = [alice.rail.get_by_text(name) for name in ("غرفة", "hebrew")]
    assert len({name.evaluate(LEFT_OF_TEXT) for name in names}) == 1
    expect(alice.page).to_have_title(re.compile("#غرفة التصميم · "))
