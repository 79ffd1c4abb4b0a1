"""Who is here: seen in the rail, at the room and on cards, and never by colour alone."""

import re
from io import BytesIO

from PIL import Image
from playwright.sync_api import Locator, expect

from tests.journeys.axe import expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage

FIVE_MINUTES = 5 * 60_000
PICTURE = re.compile(r"/people/pictures/[0-9a-f]{20}\.webp$")


def here(person: ChatPage, name: str) -> Locator:
    """Somebody in the list of those who are here."""
    return person.rail.get_by_role("region", name="Here now").get_by_role(
        "button", name=re.compile(rf"^{name}\b")
    )


def test_two_people_see_each_other_come_and_go(stage: Stage):
    path = stage.room("presence", "alice", "bob")
    alice = stage.enter("alice", path)
    expect(here(alice, "Alice")).to_have_accessible_name("Alice (you) , online")
    expect(here(alice, "Bob")).to_have_count(0)

    bob = stage.enter("bob", path)

    expect(here(alice, "Bob")).to_have_accessible_name("Bob , online")
    expect(here(bob, "Alice")).to_have_accessible_name("Alice , online")
    expect(alice.page.get_by_role("button", name="2 members · 2 here")).to_be_visible()

    bob.page.close()
    expect(here(alice, "Bob")).to_have_count(0)
    expect(alice.page.get_by_role("button", name="2 members · 1 here")).to_be_visible()


def test_five_minutes_without_a_touch_are_away_and_a_touch_is_back(stage: Stage):
    path = stage.room("idle", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.visit("bob")
    bob.page.clock.install()
    bob.open(path)
    expect(here(alice, "Bob")).to_have_accessible_name("Bob , online")

    # Its connection, silent for so long, is a new one by then and has to be told again.
    bob.page.clock.fast_forward(FIVE_MINUTES + 20_000)
    expect(here(alice, "Bob")).to_have_accessible_name("Bob , away")

    bob.page.mouse.move(200, 200)
    expect(here(alice, "Bob")).to_have_accessible_name("Bob , online")


def test_a_card_tells_who_somebody_is_and_leads_to_the_rooms_in_common(stage: Stage):
    path = stage.room("cards", "alice", "bob")
    stage.room("kitchen", "bob", "alice")
    stage.room("hers alone", "alice")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    bob.say("bob 1")
    alice.expect_said("bob 1")

    alice.message("bob 1").get_by_role("button", name="Bob").click()

    card = alice.page.get_by_role("dialog", name="Bob")
    expect(card).to_contain_text("@bob")
    expect(card).to_contain_text("online")
    expect(card).to_contain_text("their time")
    expect(card.get_by_role("link", name="cards")).to_be_visible()
    expect(card.get_by_role("link", name="hers alone")).to_have_count(0)
    card.get_by_role("link", name="kitchen").click()
    alice.expect_room("kitchen")
    expect(alice.dialog).to_have_count(0)

    # The same card from the list of those who are here, by keyboard, which gives the focus back.
    here(alice, "Alice").press("Enter")
    expect(alice.page.get_by_role("dialog", name="Alice")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(here(alice, "Alice")).to_be_focused()


def test_a_member_finds_members_and_may_neither_appoint_nor_remove(stage: Stage):
    bob = stage.enter("bob", stage.room("members", "alice", "bob", "mallory"))
    bob.page.get_by_role("button", name="3 members").click()
    people = bob.dialog.get_by_role("listitem")
    expect(people).to_have_count(3)
    expect(people.nth(0)).to_contain_text("Owner")
    expect(bob.dialog.get_by_role("combobox")).to_have_count(0)
    expect(bob.dialog.get_by_role("button", name=re.compile("^Remove"))).to_have_count(0)

    bob.dialog.get_by_role("searchbox", name="Find a member").fill("mall")
    expect(people).to_have_count(1)
    expect(people).to_contain_text("@mallory")
    # The empty space below is still the dialog's; what is beside it is not.
    box = bob.dialog.bounding_box()
    assert box is not None
    bob.page.mouse.click(box["x"] + 30, box["y"] + box["height"] - 10)
    bob.dialog.get_by_role("searchbox").fill("nobody")
    expect(bob.dialog.get_by_text("Nobody here has that name.")).to_be_visible()
    bob.page.mouse.click(box["x"] - 20, box["y"])
    expect(bob.dialog).to_have_count(0)

    bob.page.get_by_role("button", name="Room menu").click()
    expect(bob.page.get_by_role("button", name="Add people")).to_be_visible()
    expect(bob.page.get_by_role("button", name="Room details")).to_have_count(0)


def test_an_owner_appoints_a_moderator_who_gets_their_tools_at_once(stage: Stage):
    path = stage.room("appointed", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    alice.page.get_by_role("button", name="2 members").click()

    alice.dialog.get_by_role("combobox", name="Role of Bob").select_option("Moderator")

    expect(alice.dialog.get_by_text("Bob: Moderator")).to_be_visible()
    bob.page.get_by_role("button", name="Room menu").click()
    expect(bob.page.get_by_role("button", name="Room details")).to_be_visible()

    alice.dialog.get_by_role("combobox", name="Role of Alice").select_option("Member")
    expect(alice.dialog.get_by_text("Make somebody else the owner")).to_be_visible()
    expect(alice.dialog.get_by_role("combobox", name="Role of Alice")).to_have_value("owner")


def test_several_people_are_brought_into_a_private_room_at_once(stage: Stage):
    path = stage.room("cellar", "alice", is_private="on")
    bob = stage.enter("bob", stage.room("upstairs", "bob"))
    alice = stage.enter("alice", path)
    alice.choose("Room menu", "Add people")
    field = alice.dialog.get_by_role("combobox", name="Name or username")
    expect(field).to_be_focused()

    for name, person in (("bob", "Bob"), ("@mall", "Mallory")):
        field.fill(name)
        expect(alice.dialog.get_by_role("option", selected=True)).to_contain_text(person)
        field.press("Enter")
        expect(field).to_have_value("")
    field.fill("alice")
    expect(alice.dialog.get_by_text("is in the room already")).to_be_visible()
    alice.dialog.get_by_role("button", name="Do not add Mallory").click()
    expect(alice.dialog.get_by_role("button", name="Add 1 person")).to_be_enabled()
    field.fill("mallory")
    alice.dialog.get_by_role("option", name="Mallory").click()
    alice.answer("Add 2 people")

    expect(alice.page.get_by_text("2 people were added.")).to_be_visible()
    expect(alice.page.get_by_role("button", name="3 members")).to_be_visible()
    bob.room("cellar").click()
    bob.expect_room("cellar").say("bob 1")
    alice.expect_said("bob 1")


def test_who_is_removed_hears_no_more_in_any_tab_and_keeps_what_they_had_begun(stage: Stage):
    path = stage.room("removed", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    second = bob.tab(stage.room("refuge", "bob"))
    alice.say("alice 1")
    bob.expect_said("alice 1")
    bob.composer.fill("half a sentence")

    alice.page.get_by_role("button", name="2 members").click()
    alice.dialog.get_by_role("button", name="Remove Bob").click()
    question = alice.page.get_by_role("dialog", name="Remove Bob from #removed?")
    question.get_by_role("button", name="Keep them").click()
    expect(alice.dialog.get_by_role("listitem")).to_have_count(2)
    alice.dialog.get_by_role("button", name="Remove Bob").click()
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(alice.dialog.get_by_text("Bob was removed.")).to_be_visible()
    alice.page.keyboard.press("Escape")

    expect(bob.log.get_by_role("heading", name="You were removed from #removed")).to_be_visible()
    expect(bob.message("alice 1")).to_have_count(0)
    expect(bob.composer).to_have_count(0)
    for tab in (bob, second):
        expect(tab.room("removed")).to_have_count(0)
    alice.say("among ourselves")
    alice.expect_said("among ourselves")
    expect(bob.log.get_by_text("among ourselves")).to_have_count(0)

    bob.log.get_by_role("link", name=re.compile("^Go to")).click()
    expect(bob.composer).to_be_focused()

    # Brought back, they find their words.
    alice.choose("Room menu", "Add people")
    alice.dialog.get_by_role("combobox").fill("bob")
    alice.dialog.get_by_role("option", name="Bob").click()
    alice.answer("Add 1 person")
    bob.room("removed").click()
    bob.expect_room("removed")
    expect(bob.composer).to_have_value("half a sentence")


def test_who_is_brought_back_into_the_room_they_still_look_at_sees_it_again(stage: Stage):
    path = stage.room("revolving", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    alice.page.get_by_role("button", name="2 members").click()
    alice.dialog.get_by_role("button", name="Remove Bob").click()
    alice.page.get_by_role("dialog", name="Remove Bob from #revolving?").get_by_role(
        "button", name="Remove", exact=True
    ).click()
    expect(bob.log.get_by_role("heading", name="You were removed")).to_be_visible()

    alice.dialog.get_by_role("button", name="Add people").click()
    adding = alice.page.get_by_role("dialog", name="Add people to #revolving")
    adding.get_by_role("combobox").fill("bob")
    adding.get_by_role("option", name="Bob").click()
    adding.get_by_role("button", name="Add 1 person").click()

    bob.expect_room("revolving").say("bob 1")
    bob.expect_said("bob 1")


def png(color: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 300), color).save(out, "PNG")
    return out.getvalue()


def save_profile(page: ChatPage, name: str, color: str) -> None:
    page.page.goto("/settings/profile/")
    page.page.get_by_label("Your name").fill(name)
    page.page.get_by_label("Picture", exact=True).set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": png(color)}
    )
    page.page.get_by_role("button", name="Save").click()
    expect(page.page.get_by_text("Your profile is saved.")).to_be_visible()


def pictured(place: Locator) -> Locator:
    """The picture in a place, which must be there and have come."""
    picture = place.locator(".avatar img")
    expect(picture).to_have_attribute("src", PICTURE)
    expect(picture).to_have_js_property("naturalWidth", 256)
    return picture


def test_a_new_name_and_picture_show_on_every_page_that_is_open(stage: Stage):
    path = stage.room("faces", "alice", "bob")
    empty = stage.room("nobody else", "alice")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    bob.say("bob 1")
    alice.expect_said("bob 1")
    expect(alice.message("bob 1").locator(".avatar")).to_have_text("B")
    expect(alice.message("bob 1").locator("img")).to_have_count(0)

    settings = ChatPage(bob.page.context.new_page())
    save_profile(settings, "Bob Novák", "teal")

    # What was said before, who is here, and one's own menu on another page.
    for page in (alice, bob):
        said = page.message("bob 1")
        expect(said.locator(".message-author")).to_have_text("Bob Novák")
        pictured(said)
        pictured(here(page, "Bob Novák"))
    own = bob.page.get_by_role("button", name="Bob Novák: account menu")
    first = pictured(own).get_attribute("src")
    own.click()
    pictured(bob.page.locator("#user-menu"))

    shows_in_dialogs(alice, empty)

    # Another one takes its place where the first was, whose file is gone.
    alice.open(path)
    save_profile(settings, "Bob", "crimson")
    expect(pictured(alice.message("bob 1"))).not_to_have_attribute("src", first or "")
    settings.page.get_by_label("Remove the picture").check()
    settings.page.get_by_role("button", name="Save").click()
    expect(alice.message("bob 1").locator(".avatar")).to_have_text("B")
    expect(alice.message("bob 1").locator("img")).to_have_count(0)


def shows_in_dialogs(alice: ChatPage, empty: str) -> None:
    """The card, the members, and those who can be added to a room where he is not."""
    alice.message("bob 1").get_by_role("button", name="Bob Novák").click()
    pictured(alice.page.get_by_role("dialog", name="Bob Novák"))
    expect_nothing(alice.page)
    alice.page.keyboard.press("Escape")
    alice.page.get_by_role("button", name="2 members").click()
    pictured(alice.dialog.get_by_role("listitem").filter(has_text="Bob Novák"))
    expect_nothing(alice.page)
    alice.page.keyboard.press("Escape")
    alice.open(empty).choose("Room menu", "Add people")
    alice.dialog.get_by_role("combobox").fill("novák")
    option = alice.dialog.get_by_role("option", name="Bob Novák")
    pictured(option)
    option.click()
    pictured(alice.dialog.get_by_role("listitem"))
    alice.page.keyboard.press("Escape")


def test_where_a_picture_cannot_be_had_the_initials_stand(stage: Stage):
    path = stage.room("faceless", "alice", "bob")
    bob = stage.enter("bob", path)
    save_profile(ChatPage(bob.page.context.new_page()), "Bob", "teal")
    bob.say("bob 1")
    bob.expect_said("bob 1")
    alice = stage.visit("alice")
    alice.page.route("**/people/pictures/*", lambda route: route.fulfill(status=404, body=""))

    alice.open(path)

    said = alice.message("bob 1")
    expect(said.locator("img.is-missing")).to_be_hidden()
    expect(said.locator(".avatar")).to_have_text("B")
