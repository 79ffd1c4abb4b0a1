"""The log: what was, then what comes, without a hole between; filtered, followed and paused."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.board_page import BoardPage, enter, make_staff
from tests.journeys.log_lines import send, write
from tests.journeys.stage import Stage
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def watched(live_server_process: Installation, troupe):
    """Alice runs the place, and its log says something."""
    make_staff(live_server_process, "alice")
    write(live_server_process, ("info", "before anybody looked"))
    return live_server_process


def lines(board: BoardPage, *having: str) -> Locator:
    found = board.page.locator(".log-lines li")
    for text in having:
        found = found.filter(has_text=text)
    return found


def open_log(stage: Stage, **options) -> BoardPage:
    board = enter(stage, "alice", "logs", **options)
    expect(lines(board)).not_to_have_count(0)
    return board


def test_what_was_comes_first_and_what_comes_follows_it(stage: Stage, watched):
    board = open_log(stage)
    expect(lines(board, "before anybody looked")).to_have_count(1)

    write(watched, ("warning", "while somebody looks"))
    expect(lines(board, "while somebody looks")).to_have_count(1)
    expect(lines(board).last).to_be_in_viewport()

    write(watched, *[("info", f"line {number} of many") for number in range(300)])
    expect(lines(board, "line 299 of many")).to_be_in_viewport()


def test_nothing_is_missing_and_nothing_twice_after_the_connection_was_lost(stage: Stage, watched):
    board = open_log(stage)
    board.page.context.set_offline(True)
    write(watched, ("info", "lost and found"))
    board.page.context.set_offline(False)
    expect(lines(board, "lost and found")).to_have_count(1)
    write(watched, ("info", "and on it goes"))
    expect(lines(board, "and on it goes")).to_have_count(1)
    expect(lines(board, "lost and found")).to_have_count(1)


def test_lines_are_filtered_by_level_text_and_pattern(stage: Stage, watched):
    write(watched, ("debug", "quiet apple"), ("error", "loud apple 17"), ("error", "loud pear 4"))
    board = open_log(stage)
    search = board.page.get_by_role("searchbox", name="Filter the lines")

    search.fill("APPLE")
    expect(lines(board)).to_have_count(1)
    board.page.get_by_role("combobox", name="Level").select_option("Debug and above")
    expect(lines(board)).to_have_count(2)

    search.fill("")
    board.page.get_by_role("checkbox", name="Regular expression").check()
    search.fill(r"loud \w+ \d$")
    expect(lines(board)).to_have_count(1)
    expect(lines(board, "loud pear 4")).to_have_count(1)
    write(watched, ("error", "loud plum 5"), ("error", "soft plum 5"))
    expect(lines(board)).to_have_count(2)

    search.fill("(")
    expect(board.panel("Log").get_by_role("alert")).to_contain_text("pattern")
    search.fill("no line is like that")
    expect(board.panel("Log")).to_contain_text("No line is like that.")


def test_a_reader_is_not_moved_and_is_told_how_much_is_new(stage: Stage, watched):
    write(watched, *[("info", f"old line {number}") for number in range(300)])
    board = open_log(stage)
    expect(lines(board, "old line 299")).to_be_in_viewport()

    board.page.locator(".log-lines").hover()
    board.page.mouse.wheel(0, -2500)
    expect(board.panel("Log")).to_contain_text("paused")
    seen = lines(board, "old line").nth(20).text_content() or ""
    write(watched, ("info", "news 1"), ("info", "news 2"))

    more = board.page.get_by_role("button", name="2 new lines")
    expect(more).to_be_visible()
    expect(lines(board, seen[-12:])).to_have_count(1)
    more.click()
    expect(lines(board, "news 2")).to_be_in_viewport()
    expect(board.panel("Log")).to_contain_text("following")


def test_older_lines_are_loaded_on_the_way_up(stage: Stage, watched):
    for batch in range(4):
        write(watched, *[("info", f"batch {batch} line {number}") for number in range(300)])
    board = open_log(stage)
    log = board.page.locator(".log-lines")
    expect(lines(board, "batch 3 line 299")).to_be_in_viewport()
    for _ in range(3):
        log.evaluate("(log) => { log.scrollTop = 0; }")
        expect(lines(board).first).to_be_attached()
        board.page.wait_for_load_state("networkidle")
    log.evaluate("(log) => { log.scrollTop = 0; }")
    expect(lines(board, "batch 3")).to_have_count(0)


def test_what_stood_around_a_line_is_shown(stage: Stage, watched):
    write(watched, ("debug", "just before"), ("error", "it broke"), ("debug", "just after"))
    board = open_log(stage)
    lines(board, "it broke").get_by_role("button").click()
    expect(board.dialog.locator("li.is-it")).to_contain_text("it broke")
    expect(board.dialog).to_contain_text("just before")
    expect(board.dialog).to_contain_text("just after")
    expect_nothing(board.page)


def test_the_log_is_downloaded_as_it_is_filtered(stage: Stage, watched):
    write(watched, ("info", "needle in the log"))
    board = open_log(stage)
    board.page.get_by_role("searchbox").fill("needle")
    expect(lines(board)).to_have_count(1)
    with board.page.expect_download() as waiting:
        board.page.get_by_role("link", name="Download").click()
    text = waiting.value.path().read_text()
    assert re.search(r"INFO .*needle in the log\n$", text)
    assert len(text.splitlines()) == 1


def test_a_member_sees_the_log_of_what_is_shown_to_their_room_and_of_nothing_else(
    stage: Stage, watched
):
    path = stage.room("deployments", "alice", "bob")
    room = int(path.strip("/").rpartition("/")[2])
    send(watched, "deploy", room, ("info", "pulling the image"))
    board = enter(stage, "bob", "source-deploy")
    expect(lines(board, "pulling the image")).to_have_count(1)
    sources = board.page.get_by_role("combobox", name="Source")
    expect(sources.get_by_role("option")).to_have_text(["deploy"])

    write(watched, ("info", "one of ours"))
    send(watched, "deploy", room, ("warning", "the old one is still busy"))
    send(watched, "deploy", room, ("info", "it is served"))
    expect(lines(board)).to_have_count(3)
    expect(lines(board, "it is served")).to_be_in_viewport()
    expect_nothing(board.page)

    stranger = stage.visit("mallory").page
    answer = stranger.goto("/boards/source-deploy/")
    assert answer is not None
    assert answer.status == 404


def test_the_keyboard_walks_along_the_lines_and_asks_what_stood_around_one(stage: Stage, watched):
    write(watched, *[("info", f"step {number}") for number in range(60)])
    board = open_log(stage)
    expect(lines(board, "step 59")).to_be_in_viewport()
    board.page.get_by_role("log").focus()

    board.page.keyboard.press("ArrowUp")
    board.page.keyboard.press("ArrowUp")
    expect(board.panel("Log")).to_contain_text("paused")
    line = board.page.locator(".log-row:focus")
    expect(line).to_contain_text("step")
    first = line.text_content() or ""
    write(watched, ("info", "and on it goes"))
    expect(board.page.get_by_role("button", name="1 new line", exact=True)).to_be_visible()
    expect(line).to_have_text(first)

    board.page.keyboard.press("Enter")
    expect(board.dialog.locator("li.is-it")).to_have_count(1)
    board.page.keyboard.press("Escape")
    expect(line).to_have_text(first)
    expect_nothing(board.page)
    board.page.keyboard.press("End")
    expect(lines(board, "and on it goes")).to_be_in_viewport()


def test_the_log_on_a_phone(stage: Stage, watched):
    board = open_log(stage, viewport=PHONE)
    assert board.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect_nothing(board.page)


def test_staff_see_who_is_connected_and_close_a_socket(stage: Stage, watched):
    bob = stage.enter("bob", stage.room("sockets", "bob"))
    board = enter(stage, "alice", "sockets")
    board.panel("Who is connected").scroll_into_view_if_needed()
    row = board.page.get_by_role("row", name=re.compile("^Bob"))
    expect(row).to_contain_text("127.0.0.1")
    expect_nothing(board.page)

    row.get_by_role("button", name=re.compile("^Close the socket of Bob")).click()
    board.dialog.get_by_role("button", name="Close", exact=True).click()
    expect(board.spoken).to_have_text(re.compile("The socket of Bob.* is closed"))
    bob.say("back again").expect_said("back again")
