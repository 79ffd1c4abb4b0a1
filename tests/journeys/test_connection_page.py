"""The connection page finds what is in the way, and says whom to ask for what."""

import re

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.journeys.stage import Stage
from tests.servers.proxy import EVENTS, SOCKETS, Proxy


def hop(page: Page, title: str) -> str:
    return page.get_by_role("listitem").filter(has_text=title).inner_text()


def test_where_all_is_well_it_shows_every_hop_and_the_revs(stage: Stage):
    path = stage.room("measured", "alice")
    alice = stage.enter("alice", path)
    alice.say("alice 1").expect_said("alice 1")
    alice.page.get_by_role("button", name="account menu").click()
    alice.page.get_by_role("link", name="Connection").click()

    page = alice.page
    expect(page.get_by_text("Nothing is in the way.")).to_be_visible()
    assert re.search(r"good:.*Round trip.*\d ms in the middle of", hop(page, "Round trip"), re.S)
    assert "here and on the server" in hop(page, "Build")
    assert "one WebSocket" in hop(page, "The chat uses")
    row = page.get_by_role("row").filter(has_text="measured")
    expect(row).to_contain_text(f"room:{path.strip('/').split('/')[1]}")
    expect(row.get_by_role("cell").last).to_have_text("2")


def test_signed_out_it_says_so_and_checks_what_can_be_checked(stage: Stage):
    page = stage.visitors()
    page.goto("/connection/")

    expect(page.get_by_text("Nobody is signed in in this browser.")).to_be_visible()
    assert "answers 401" in hop(page, "Server over HTTP")
    assert "not tried" in hop(page, "WebSocket")


def test_offline_it_says_so_and_looks_again_when_the_network_is_back(stage: Stage):
    alice = stage.visit("alice")
    alice.page.goto("/connection/")
    expect(alice.page.get_by_text("Nothing is in the way.")).to_be_visible()

    alice.page.context.set_offline(True)
    expect(alice.page.get_by_text("This device has no network.")).to_be_visible()

    alice.page.context.set_offline(False)
    expect(alice.page.get_by_text("Nothing is in the way.")).to_be_visible()


def test_a_websocket_that_is_cut_in_between_is_named_with_what_to_ask_for(stage: Stage):
    alice = stage.visit("alice")

    def cut(route: WebSocketRoute) -> None:
        route.close(code=1011)

    alice.page.route_web_socket(re.compile("/ws/"), cut)
    alice.page.goto("/connection/")

    advice = alice.page.get_by_text(re.compile("Ask the administrator of the network or of the"))
    expect(advice).to_contain_text("/ws/")


def test_it_names_which_way_is_blocked_and_which_one_the_chat_goes(stage: Stage, proxy: Proxy):
    path = stage.room("detour", "alice")
    proxy.swallow(SOCKETS, EVENTS)
    alice = stage.visit("alice", base_url=proxy.url)
    alice.page.goto(path)
    alice.expect_transport("polling", timeout=60_000)

    alice.page.goto("/connection/")

    page = alice.page
    expect(page.get_by_text("something holds back what goes through it")).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("neither to buffer nor to compress")).to_be_visible()
    assert "opens, but nothing comes through" in hop(page, "WebSocket")
    assert "begins, but nothing comes through" in hop(page, "in the way: Server-Sent Events")
    assert "gets through" in hop(page, "good: Long polling")
    assert "long polling, shared by the browser’s tabs" in hop(page, "The chat uses")
