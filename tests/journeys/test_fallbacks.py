"""Where WebSockets do not get through the page talks in another way, and comes back by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.page import LOGIN, ChatPage
from tests.journeys.stage import Stage
from tests.servers.proxy import EVENTS, SOCKETS, Proxy

Block = Callable[[Proxy], None]

# A journey that begins with two times five seconds of silence, and two more.
LONG = 60_000

# Whatever else the page says of its connection.
WATCH = """() => {
    window.phases = [];
    new MutationObserver(() => phases.push(document.documentElement.dataset.connection))
        .observe(document.documentElement, { attributeFilter: ["data-connection"] });
}"""

FORGET = """() => {
    const kept = JSON.parse(localStorage.getItem("live.transport"));
    localStorage.setItem("live.transport", JSON.stringify({ ...kept, retryAt: 0 }));
}"""


def refuse_sockets(proxy: Proxy) -> None:
    proxy.refuse(SOCKETS)


def swallow_sockets(proxy: Proxy) -> None:
    proxy.swallow(SOCKETS)


def swallow_all(proxy: Proxy) -> None:
    proxy.swallow(SOCKETS, EVENTS)


WAYS = [
    pytest.param(refuse_sockets, "events", id="refused"),
    pytest.param(swallow_sockets, "events", id="buffered"),
    pytest.param(swallow_all, "polling", id="events buffered too"),
]


def together(
    stage: Stage, proxy: Proxy, block: Block, transport: str, room: str
) -> tuple[ChatPage, ChatPage, str]:
    """Alice, and Bob whose network is the proxy and lets through no more than `block` does, so that
    his page talks in another way; with them the room's path."""
    block(proxy)
    path = stage.room(room, "alice", "bob")
    alice = stage.enter("alice", path)
    bob = stage.visit("bob", base_url=proxy.url)
    bob.page.goto(path)
    return alice, bob.expect_transport(transport, timeout=LONG), path


@pytest.mark.parametrize(("block", "transport"), WAYS)
def test_the_whole_of_chat_works_without_websockets(
    stage: Stage, proxy: Proxy, block: Block, transport: str
):
    alice, bob, path = together(stage, proxy, block, transport, f"no sockets {block.__name__}")
    other = stage.room(f"elsewhere {block.__name__}", "alice", "bob")

    posts_edits_and_deletes(alice, bob)
    sees_who_is_here_and_types(alice, bob)
    goes_elsewhere_and_back(alice, bob, path, other, block.__name__)


def posts_edits_and_deletes(alice: ChatPage, bob: ChatPage) -> None:
    bob.say("bob 1", "bob 2")
    alice.expect_said("bob 1", "bob 2")
    alice.say("alice 1")
    bob.expect_said("bob 1", "bob 2", "alice 1")

    bob.act(bob.message("bob 2"), "Delete")
    bob.answer("Delete")
    expect(bob.message("This message was deleted.")).to_be_focused()
    bob.composer.press("ArrowUp")
    editor = bob.log.get_by_role("textbox", name="Edit message")
    editor.fill("bob 3")
    editor.press("Enter")
    for one in (alice, bob):
        one.expect_said("bob 3", "alice 1")


def sees_who_is_here_and_types(alice: ChatPage, bob: ChatPage) -> None:
    for one in (alice, bob):
        here = one.page.locator(".rail-here")
        expect(here).to_contain_text("Alice", timeout=LONG)
        expect(here).to_contain_text("Bob")
    # A page says so every three seconds, and just said it.
    bob.composer.press_sequentially("for some time", delay=300)
    expect(alice.page.locator(".typing")).to_contain_text("Bob")
    alice.composer.press_sequentially("for some time", delay=300)
    expect(bob.page.locator(".typing")).to_contain_text("Alice")
    alice.composer.fill("")
    bob.composer.fill("")


def goes_elsewhere_and_back(
    alice: ChatPage, bob: ChatPage, path: str, other: str, name: str
) -> None:
    bob.room(f"elsewhere {name}").click()
    bob.expect_room(f"elsewhere {name}")
    alice.say("alice 2")
    expect(bob.room(f"no sockets {name}")).to_contain_text("1")
    bob.say("elsewhere 1").expect_said("elsewhere 1")
    bob.room(f"no sockets {name}").click()
    bob.expect_said("bob 3", "alice 1", "alice 2")
    alice.say("alice 3")
    bob.expect_said("bob 3", "alice 1", "alice 2", "alice 3")
    expect(bob.room(f"no sockets {name}")).not_to_contain_text("1")
    bob.page.reload()
    bob.expect_said("bob 3", "alice 1", "alice 2", "alice 3")


@pytest.mark.parametrize(("block", "transport"), WAYS)
def test_signing_out_ends_every_tab_at_once(
    stage: Stage, proxy: Proxy, block: Block, transport: str
):
    _, bob, path = together(stage, proxy, block, transport, f"leaving {block.__name__}")
    second = bob.tab(path).expect_transport(transport, timeout=LONG)

    bob.sign_out()

    expect(second.page).to_have_url(LOGIN)


@pytest.mark.parametrize(("block", "transport"), WAYS)
def test_what_was_missed_while_everything_was_cut_comes_once_and_in_order(
    stage: Stage, proxy: Proxy, block: Block, transport: str
):
    alice, bob, _ = together(stage, proxy, block, transport, f"gap {block.__name__}")
    alice.say("alice 1")
    bob.expect_said("alice 1")

    proxy.cut()
    bob.say("bob 1", "bob 2")
    alice.say("alice 2", "alice 3").expect_said("alice 1", "alice 2", "alice 3")
    expect(bob.waiting).to_have_count(2)
    block(proxy)

    for one in (alice, bob):
        one.expect_said("alice 1", "alice 2", "alice 3", "bob 1", "bob 2")
    bob.expect_transport(transport, timeout=LONG)


@pytest.mark.parametrize(("block", "transport"), WAYS)
def test_it_comes_back_to_the_websocket_without_anybody_noticing(
    stage: Stage, proxy: Proxy, block: Block, transport: str
):
    alice, bob, path = together(stage, proxy, block, transport, f"mended {block.__name__}")
    second = bob.tab(path).expect_transport(transport, timeout=LONG)
    for one in (bob, second):
        one.page.evaluate(WATCH)

    proxy.mend()
    # Ten minutes later.
    bob.page.evaluate(FORGET)
    third = bob.tab(path)
    alice.say("alice 1")

    for one in (bob, second, third):
        one.expect_transport("websocket", timeout=LONG)
    alice.say("alice 2")
    bob.say("bob 1")
    for one in (alice, bob, second, third):
        one.expect_said("alice 1", "alice 2", "bob 1")
    for one in (bob, second):
        assert one.page.evaluate("window.phases") == []
