"""Two people in two browsers talk, and change what they said."""

import re

from playwright.sync_api import expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage
from tests.servers.proxy import Proxy

MARKDOWN = """**loud** and `code`

- first
- second

```python
print("hello")
```"""


def together(stage: Stage, room: str) -> tuple[ChatPage, ChatPage]:
    path = stage.room(room, "alice", "bob")
    return stage.enter("alice", path), stage.enter("bob", path)


def test_what_one_says_the_other_reads(stage: Stage):
    alice, bob = together(stage, "talk")

    alice.say("alice 1")
    expect(bob.message("alice 1")).to_be_visible()
    bob.say("bob 1")
    expect(alice.message("bob 1")).to_be_visible()
    alice.say("alice 2")

    for one in (alice, bob):
        one.expect_said("alice 1", "bob 1", "alice 2")
        expect(one.message("bob 1")).to_contain_text("Bob")


def test_ones_own_message_shows_at_once_as_pending(stage: Stage, proxy: Proxy):
    path = stage.room("pending", "alice", "bob")
    alice, bob = stage.enter("alice", path, base_url=proxy.url), stage.enter("bob", path)
    proxy.hold()

    alice.say("on its way")

    expect(alice.message("on its way")).to_contain_text("sending…")
    expect(bob.message("on its way")).to_have_count(0)
    proxy.let_go()
    expect(bob.message("on its way")).to_be_visible()
    expect(alice.waiting).to_have_count(0)
    expect(alice.message("on its way")).to_have_count(1)


def test_a_message_is_changed_with_its_actions(stage: Stage):
    alice, bob = together(stage, "editing")
    alice.say("Teh plan")

    alice.act(alice.message("Teh plan"), "Edit")
    editor = alice.log.get_by_role("textbox", name="Edit message")
    expect(editor).to_be_focused()
    expect(editor).to_have_value("Teh plan")
    editor.fill("The **plan**")
    editor.press("Enter")

    for one in (alice, bob):
        expect(one.message("The plan").get_by_text("edited")).to_be_visible()
        expect(one.message("The plan").get_by_role("strong")).to_have_text("plan")
        expect(one.message("Teh plan")).to_have_count(0)
    expect(alice.message("The plan")).to_be_focused()


def test_arrow_up_changes_ones_last_message(stage: Stage):
    alice, bob = together(stage, "arrow up")
    alice.say("alice 1", "alice 2")
    bob.expect_said("alice 1", "alice 2")
    bob.say("bob 1")
    expect(alice.message("bob 1")).to_be_visible()

    alice.composer.press("ArrowUp")
    editor = alice.log.get_by_role("textbox", name="Edit message")
    expect(editor).to_have_value("alice 2")
    editor.fill("alice 3")
    editor.press("Enter")

    bob.expect_said("alice 1", "alice 3", "bob 1")


def test_escape_leaves_a_message_as_it_was(stage: Stage):
    alice, bob = together(stage, "second thoughts")
    alice.say("as it was")

    alice.act(alice.message("as it was"), "Edit")
    editor = alice.log.get_by_role("textbox", name="Edit message")
    editor.fill("something else")
    editor.press("Escape")

    expect(editor).to_have_count(0)
    expect(alice.message("as it was")).to_be_focused()
    expect(bob.message("as it was")).to_be_visible()


def test_only_the_author_is_offered_to_change_a_message(stage: Stage):
    alice, bob = together(stage, "mine")
    alice.say("hands off")

    bob.message("hands off").hover()

    actions = bob.message("hands off").get_by_role("toolbar").get_by_role("button")
    expect(actions).to_have_count(2)
    expect(actions.first).to_have_accessible_name("Copy link")
    expect(actions.last).to_have_accessible_name("Why was I (not) notified?")


def test_a_message_is_deleted_after_a_question(stage: Stage):
    alice, bob = together(stage, "deleting")
    alice.say("said too much")
    expect(bob.message("said too much")).to_be_visible()

    delete = alice.message("said too much").get_by_role("button", name="Delete")
    alice.act(alice.message("said too much"), "Delete")
    expect(alice.dialog.get_by_role("button", name="Keep it")).to_be_focused()
    alice.answer("Keep it")
    expect(delete).to_be_focused()
    expect(bob.message("said too much")).to_be_visible()

    delete.click()
    alice.answer("Delete")
    for one in (alice, bob):
        expect(one.message("This message was deleted.")).to_be_visible()
        expect(one.message("said too much")).to_have_count(0)
    expect(alice.message("This message was deleted.")).to_be_focused()
    expect(alice.log.get_by_role("toolbar")).to_have_count(0)


def test_the_others_see_who_is_typing(stage: Stage):
    alice, bob = together(stage, "typing")

    # Long enough to be told of twice: the first may come before Bob's page has the room.
    alice.composer.press_sequentially("hmm, let me think of it", delay=180)
    expect(bob.page.get_by_text("Alice is typing…")).to_be_visible()
    expect(alice.page.get_by_text("Alice is typing…")).to_have_count(0)

    alice.composer.press("Enter")
    expect(bob.page.get_by_text("Alice is typing…")).to_have_count(0)


def test_markdown_is_drawn(stage: Stage):
    alice, bob = together(stage, "markdown")
    alice.say(MARKDOWN)

    for one in (alice, bob):
        message = one.message("loud and code")
        expect(message.get_by_role("strong")).to_have_text("loud")
        expect(message.get_by_role("code")).to_have_text(["code", 'print("hello")\n'])
        expect(message.get_by_role("list").get_by_role("listitem")).to_have_text(
            ["first", "second"]
        )


def test_shift_enter_begins_a_new_line(stage: Stage):
    alice, bob = together(stage, "lines")

    alice.composer.press_sequentially("one")
    alice.composer.press("Shift+Enter")
    alice.composer.press_sequentially("two")
    alice.composer.press("Enter")

    expect(bob.message("one")).to_contain_text(re.compile(r"one\s*two"))
    expect(bob.log.locator("br")).to_have_count(1)


def test_html_is_shown_and_not_obeyed(stage: Stage):
    alice, bob = together(stage, "html")
    texts = [
        "<script>document.title = 'obeyed'</script> one",
        "<img src=x onerror=\"document.title = 'obeyed'\"> two",
        "<b onmouseover=\"document.title = 'obeyed'\">three</b>",
    ]
    alice.say(*texts)

    for one in (alice, bob):
        for text in texts:
            expect(one.message(text)).to_be_visible()
        expect(one.waiting).to_have_count(0)
        expect(one.log.locator("script, img, [onmouseover]")).to_have_count(0)
        assert "obeyed" not in one.page.title()


def test_a_link_leads_away_without_telling_from_where(stage: Stage):
    alice, bob = together(stage, "links")
    alice.say("see https://example.org/plan, or [this](javascript:alert(1))")

    link = bob.log.get_by_role("link", name="https://example.org/plan")
    expect(link).to_have_attribute("href", "https://example.org/plan")
    expect(link).to_have_attribute("rel", re.compile("noopener.*noreferrer"))
    expect(link).to_have_attribute("target", "_blank")
    expect(bob.log.get_by_role("link", name="this")).to_have_count(0)


def test_a_text_that_is_too_long_stays_in_the_composer(stage: Stage):
    alice, bob = together(stage, "long")

    alice.say("x" * 10_001)

    expect(alice.page.get_by_text("1 character too long")).to_be_visible()
    expect(alice.composer).to_have_attribute("aria-invalid", "true")
    expect(alice.composer).to_have_value("x" * 10_001)
    alice.composer.press("Backspace")
    alice.composer.press("Enter")
    expect(bob.message("x" * 10_000)).to_be_visible()
