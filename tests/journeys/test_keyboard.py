"""Everything can be done without a pointer."""

import re

from playwright.sync_api import Locator, expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage

IS_MARKED = """(element) => {
    const style = getComputedStyle(element);
    const outline = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return element.matches(":focus-visible") && (outline || style.boxShadow !== "none");
}"""


def expect_marked(element: Locator) -> None:
    expect(element).to_be_focused()
    assert element.evaluate(IS_MARKED), "the focus cannot be seen"


def focused(person: ChatPage) -> Locator:
    return person.page.locator(":focus")


def test_ctrl_k_jumps_to_a_room(stage: Stage):
    path = stage.room("departures", "alice")
    stage.room("arrivals", "alice")
    alice = stage.enter("alice", path)
    field = alice.page.get_by_role("combobox", name="Jump to a room")

    alice.page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    field.fill("arri")
    expect(alice.dialog.get_by_role("option", selected=True)).to_have_text(
        re.compile(r"^\s*arrivals\s*$")
    )
    field.press("Enter")
    alice.expect_room("arrivals")
    expect(alice.composer).to_be_focused()

    alice.page.keyboard.press("Control+k")
    field.fill("nothing of the kind")
    expect(alice.dialog.get_by_text("No room has that name.")).to_be_visible()
    field.press("Escape")
    expect(alice.dialog).to_have_count(0)
    expect(alice.composer).to_be_focused()


def test_alt_and_arrows_walk_through_the_rooms(stage: Stage):
    first, _, third = (stage.room(f"walk {number}", "bob") for number in (1, 2, 3))
    bob = stage.enter("bob", first)

    bob.page.keyboard.press("Alt+ArrowDown")
    bob.expect_room("walk 2")
    bob.page.keyboard.press("Alt+ArrowDown")
    bob.expect_room("walk 3")
    expect(bob.page).to_have_url(re.compile(f"{third}$"))
    bob.page.keyboard.press("Alt+ArrowUp")
    bob.expect_room("walk 2")


def test_alt_shift_and_arrows_walk_through_what_is_unread(stage: Stage):
    start, unread = (stage.room(f"{name} mail", "alice", "bob") for name in ("a", "c"))
    stage.room("b mail", "bob")
    bob, alice = stage.enter("bob", start), stage.enter("alice", unread)
    alice.say("step 1")
    expect(bob.room("c mail")).to_have_accessible_name("c mail , 1 unread")

    bob.page.keyboard.press("Alt+Shift+ArrowDown")

    bob.expect_room("c mail")


def test_a_question_mark_shows_the_shortcuts(stage: Stage):
    alice = stage.enter("alice")
    help_dialog = alice.page.get_by_role("dialog", name="Keyboard shortcuts")

    alice.composer.press("?")
    expect(alice.composer).to_have_value("?")
    expect(help_dialog).to_have_count(0)

    alice.log.focus()
    alice.page.keyboard.press("?")
    expect(help_dialog.get_by_text("Jump to a room")).to_be_visible()
    alice.page.keyboard.press("Escape")
    expect(help_dialog).to_have_count(0)
    expect(alice.log).to_be_focused()


def test_single_letters_can_be_turned_off(stage: Stage):
    alice = stage.enter("alice", stage.room("letters", "alice"))
    alice.say("step 1").expect_said("step 1")
    alice.choose("account menu", "Keyboard shortcuts")
    alice.dialog.get_by_role("checkbox", name="Single letters are shortcuts").uncheck()
    alice.answer("Close")

    alice.log.focus()
    for key in ("?", "k", "e"):
        alice.page.keyboard.press(key)
    expect(alice.log).to_be_focused()
    expect(alice.dialog).to_have_count(0)
    alice.page.keyboard.press("Control+k")
    expect(alice.dialog).to_have_count(1)


def test_f6_walks_through_the_parts_of_the_page(stage: Stage):
    path = stage.room("panes", "alice")
    alice = stage.enter("alice", path)
    expect(alice.composer).to_be_focused()

    alice.page.keyboard.press("F6")
    expect_marked(alice.room("panes"))
    alice.page.keyboard.press("F6")
    expect_marked(alice.log)
    alice.page.keyboard.press("F6")
    expect(alice.composer).to_be_focused()
    alice.page.keyboard.press("Shift+F6")
    expect(alice.log).to_be_focused()


def test_j_and_k_walk_through_the_messages_and_e_edits(stage: Stage):
    alice = stage.enter("alice", stage.room("steps", "alice"))
    alice.say("step 1", "step 2", "step 3").expect_said("step 1", "step 2", "step 3")
    alice.log.focus()

    alice.page.keyboard.press("k")
    expect_marked(alice.message("step 3"))
    alice.page.keyboard.press("k")
    expect_marked(alice.message("step 2"))
    alice.page.keyboard.press("j")
    alice.page.keyboard.press("j")
    expect_marked(alice.message("step 3"))
    alice.page.keyboard.press("k")

    alice.page.keyboard.press("e")
    editor = alice.log.get_by_role("textbox", name="Edit message")
    expect(editor).to_have_value("step 2")
    editor.press("Escape")
    expect(alice.message("step 2")).to_be_focused()

    alice.page.keyboard.press("Tab")
    actions = alice.message("step 2").get_by_role("toolbar").get_by_role("button")
    expect(actions).to_have_count(3)


def test_escape_marks_the_room_as_read(stage: Stage):
    path = stage.room("escape", "alice", "bob")
    alice = stage.enter("alice", path)
    alice.say(*(f"step {number}\n" * 12 for number in range(1, 9)))
    expect(alice.waiting).to_have_count(0)
    bob = stage.enter("bob", path)
    expect(bob.page.get_by_text("New messages start here")).to_have_count(1)
    expect(bob.room("escape")).to_have_accessible_name("escape , 8 unread")

    bob.page.keyboard.press("Escape")

    expect(bob.room("escape")).to_have_accessible_name("escape")


def test_dialogs_give_the_focus_back(stage: Stage):
    alice = stage.enter("alice", stage.room("focus", "alice"))

    members = alice.page.get_by_role("button", name="1 member")
    members.press("Enter")
    expect(alice.dialog).to_contain_text("@alice")
    alice.page.keyboard.press("Escape")
    expect(alice.dialog).to_have_count(0)
    expect_marked(members)

    jump = alice.rail.get_by_role("button", name=re.compile("Jump to"))
    jump.press("Enter")
    expect(alice.dialog).to_have_count(1)
    alice.page.keyboard.press("Escape")
    expect_marked(jump)


def test_menus_open_walk_and_close_by_keyboard(stage: Stage):
    alice = stage.enter("alice", stage.room("menus", "alice"))
    menu = alice.page.get_by_role("button", name="Room menu")

    menu.press("Enter")
    expect_marked(alice.page.get_by_role("button", name="Members", exact=True))
    alice.page.keyboard.press("ArrowDown")
    expect_marked(alice.page.get_by_role("button", name="Add people"))
    for _ in range(5):
        alice.page.keyboard.press("ArrowDown")
    # What is not offered now has no place in the order.
    expect_marked(alice.page.get_by_role("button", name="Leave room"))
    alice.page.keyboard.press("ArrowUp")
    expect_marked(alice.page.get_by_role("button", name="Copy link to room"))
    alice.page.keyboard.press("Escape")
    expect(alice.page.get_by_role("button", name="Copy link to room")).to_have_count(0)
    expect(menu).to_be_focused()


def test_the_first_tab_stop_skips_to_the_content(stage: Stage):
    alice = stage.visit("alice")
    alice.page.goto("/rooms/")
    skip = alice.page.get_by_role("link", name="Skip to content")

    alice.page.keyboard.press("Tab")
    expect_marked(skip)
    expect(skip).to_be_in_viewport()
    alice.page.keyboard.press("Enter")
    alice.page.keyboard.press("Tab")
    expect_marked(alice.page.get_by_role("main").locator(":focus"))


def test_the_focus_can_be_seen_at_every_stop(stage: Stage):
    stage.room("many stops", "bob")
    alice = stage.visit("alice")
    for path in ("/rooms/?q=many", "/rooms/new/", "/accounts/password/change/"):
        alice.page.goto(path)
        stops = alice.page.locator("a[href]:visible, button:visible, input:visible").count()
        alice.page.locator("body").click(position={"x": 1, "y": 1})
        for _ in range(stops):
            alice.page.keyboard.press("Tab")
            if focused(alice).count():
                expect_marked(focused(alice))
