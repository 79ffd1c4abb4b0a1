"""The network goes away and comes back: nothing is lost, nothing comes twice."""

import time

from playwright.sync_api import expect

from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage
from tests.servers.proxy import Proxy


def together(stage: Stage, proxy: Proxy, room: str) -> tuple[ChatPage, ChatPage]:
    """Alice, and Bob whose network is the proxy."""
    path = stage.room(room, "alice", "bob")
    return stage.enter("alice", path), stage.enter("bob", path, base_url=proxy.url)


def go_offline(person: ChatPage, proxy: Proxy) -> None:
    # What the page loads behind its back is there.
    person.page.wait_for_load_state("networkidle")
    proxy.cut()
    person.page.context.set_offline(True)
    expect(person.page.get_by_text("Offline. Messages will be sent later.")).to_be_visible()


def test_what_was_written_offline_survives_a_reload_and_arrives_once_and_in_order(
    stage: Stage, proxy: Proxy
):
    alice, bob = together(stage, proxy, "offline")
    alice.say("alice 1")
    bob.expect_said("alice 1")

    go_offline(bob, proxy)
    bob.say("bob 1", "bob 2")
    alice.say("alice 2").expect_said("alice 1", "alice 2")
    expect(bob.waiting).to_have_count(2)
    expect(bob.message("bob 1")).to_contain_text("will be sent when you are back online")

    # The page can be had again; its socket cannot yet.
    bob.page.context.set_offline(False)
    bob.page.reload()
    expect(bob.message("alice 2")).to_be_visible()
    expect(bob.waiting).to_have_count(2)
    alice.expect_said("alice 1", "alice 2")

    proxy.mend()
    for one in (alice, bob):
        one.expect_said("alice 1", "alice 2", "bob 1", "bob 2")


def test_what_was_written_in_the_moment_before_leaving_the_page_is_not_lost(stage: Stage):
    path, other = (stage.room(name, "alice", "bob") for name in ("parting", "parted"))
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)

    for number in range(1, 6):
        # In one go, so that the page has no moment between the message and its end.
        bob.composer.fill(f"bob {number}")
        bob.composer.evaluate(
            """(box, path) => {
                 box.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true}));
                 location.href = path;
               }""",
            path if number % 2 else other,
        )
        bob.expect_live()
        bob.page.wait_for_url(f"**{path if number % 2 else other}")
        bob.page.goto(path)
        bob.expect_live()
    bob.composer.fill("half a thou")
    bob.page.reload()

    alice.expect_said("bob 1", "bob 2", "bob 3", "bob 4", "bob 5")
    expect(bob.composer).to_have_value("half a thou")


def test_two_tabs_that_come_back_send_each_message_once(stage: Stage, proxy: Proxy):
    alice, bob = together(stage, proxy, "two tabs")
    second = bob.tab(bob.page.url)
    proxy.cut()
    bob.say("bob 1", "bob 2")
    second.say("bob 3", "bob 4")
    expect(bob.waiting).to_have_count(4)
    expect(second.waiting).to_have_count(4)

    proxy.mend()

    for one in (alice, bob, second):
        one.expect_said("bob 1", "bob 2", "bob 3", "bob 4")


def test_what_changed_meanwhile_is_caught_up_with(stage: Stage, proxy: Proxy):
    alice, bob = together(stage, proxy, "gap")
    alice.say("alice 1", "alice 2", "alice 3")
    bob.expect_said("alice 1", "alice 2", "alice 3")
    go_offline(bob, proxy)

    alice.act(alice.message("alice 2"), "Delete")
    alice.answer("Delete")
    expect(alice.message("This message was deleted.")).to_be_focused()
    alice.composer.press("ArrowUp")
    alice.log.get_by_role("textbox", name="Edit message").fill("alice 4")
    alice.log.get_by_role("textbox", name="Edit message").press("Enter")
    alice.expect_said("alice 1", "alice 4")
    proxy.mend()
    bob.page.context.set_offline(False)

    bob.expect_said("alice 1", "alice 4")
    expect(bob.message("This message was deleted.")).to_have_count(1)


def test_the_banner_comes_after_five_seconds_and_goes_by_itself(stage: Stage, proxy: Proxy):
    _, bob = together(stage, proxy, "banner")
    reconnecting = bob.page.get_by_text("Reconnecting…")
    back = bob.page.get_by_text("Back online")

    lost = time.monotonic()
    proxy.cut()
    expect(reconnecting).to_be_visible()
    assert time.monotonic() - lost >= 5

    proxy.mend()
    expect(back).to_be_visible()
    expect(reconnecting).to_have_count(0)
    expect(back).to_have_count(0)


def test_a_message_that_is_refused_says_why_and_can_be_sent_again(stage: Stage, proxy: Proxy):
    alice, bob = together(stage, proxy, "refused")
    path = bob.page.url.removeprefix(proxy.url)
    proxy.cut()
    bob.say("bob 1", "bob 2")
    stage.troupe.post("bob", f"{path}leave/")
    proxy.mend()

    for text in ("bob 1", "bob 2"):
        expect(bob.message(text)).to_contain_text("You are no longer in this room.")
    expect(bob.composer).to_have_count(0)
    bob.message("bob 2").get_by_role("button", name="Delete").click()
    expect(bob.message("bob 2")).to_have_count(0)

    stage.troupe.post("bob", f"{path}join/")
    bob.message("bob 1").get_by_role("button", name="Retry").click()
    alice.expect_said("bob 1")


def test_a_draft_survives_a_change_of_rooms_and_a_reload(stage: Stage):
    path = stage.room("drafts", "alice")
    stage.room("elsewhere", "alice")
    alice = stage.enter("alice", path)

    alice.composer.fill("half a thought")
    alice.room("elsewhere").click()
    alice.expect_room("elsewhere")
    expect(alice.composer).to_have_value("")
    alice.composer.fill("another thought")
    alice.room("drafts").click()
    alice.expect_room("drafts")
    expect(alice.composer).to_have_value("half a thought")

    second = alice.tab(path)
    expect(second.composer).to_have_value("half a thought")
    alice.page.reload()
    expect(alice.composer).to_have_value("half a thought")
    alice.expect_live().composer.press("Enter")
    alice.expect_said("half a thought")
    alice.page.reload()
    alice.expect_said("half a thought")
    expect(alice.composer).to_have_value("")
