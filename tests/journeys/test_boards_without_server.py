"""The server is killed under an open board and an open log, and started again."""

import pytest
from playwright.sync_api import expect

from tests.conftest import NewInstallation
from tests.journeys.axe import expect_nothing
from tests.journeys.board_page import enter, make_board, make_staff, panel
from tests.journeys.log_lines import write
from tests.journeys.measures import measure
from tests.journeys.stage import Stage, gather
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Installation:
    """An installation that the journey itself serves, kills and serves again."""
    return new_installation()


def test_a_board_and_a_log_say_what_is_old_and_go_on_by_themselves(
    live_server_process: Installation, visitors: Visitors
):
    with live_server_process.served() as server:
        stage = Stage(gather(server, "alice"), visitors)
        make_staff(server, "alice")
        measure(server, "latency")
        query = {"metric": "latency", "fn": "avg", "by": ["worker"]}
        body = {"title": "Latencies", "panels": [panel(0, "Lines", "line", query, unit="s")]}
        board = enter(stage, "alice", make_board(server, "alice", body))
        write(server, ("info", "one apple"), ("error", "two pears"))
        log = enter(stage, "alice", "logs")
        lines = log.page.locator(".log-lines li")
        expect(lines.filter(has_text="two pears")).to_have_count(1)
        assert server.process is not None
        server.process.kill()
        server.process.wait()

    banner = board.page.locator("#banner")
    expect(board.page.locator("html[data-fresh=stale]")).to_have_count(1)
    expect(banner).to_contain_text("Reconnecting")
    expect(board.legend("Lines")).to_have_count(3)
    board.page.get_by_role("button", name="5 minutes", exact=True).click()
    notice = board.page.locator("#board-notice")
    expect(notice).to_contain_text("What you see is from before.")
    expect_nothing(board.page)
    expect(log.panel("Log")).to_contain_text("not connected")
    log.page.get_by_role("searchbox").fill("pears")
    expect(log.panel("Log").get_by_role("alert")).to_contain_text("could not be read")
    expect_nothing(log.page)

    with live_server_process.served():
        expect(board.page.locator("html[data-fresh=live]")).to_have_count(1)
        expect(notice).to_be_hidden()
        expect(lines).to_have_count(1)
        expect(lines).to_contain_text("two pears")
        expect(log.panel("Log")).to_contain_text("following")
        write(live_server_process, ("info", "three pears"))
        expect(lines).to_have_count(2)
