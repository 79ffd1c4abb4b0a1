"""Boards: they open full, stay live, stand still when asked to, and are made in the browser."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.board_page import BoardPage, enter, make_board, panel
from tests.journeys.measures import tell, tell_until_shown
from tests.journeys.stage import Stage, run

EACH = {"metric": "latency", "fn": "avg", "by": ["worker"]}
ALL = {"metric": "latency", "fn": "max"}
SEND = """
import json, time
from chat.models import Room
from dashboard.models import Audience, IngestSource
from dashboard.storage.points import single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
source = IngestSource.objects.create(slug="builds", title="Builds", audience=Audience.ROOMS)
source.rooms.add(Room.objects.get(pk={room}))
[pk] = series_for([Described(key_of("build_seconds", {{}}, source.pk), "gauge", "s")]).values()
now = int(time.time())
store([Report("builds", [(at, pk, single(at % 9, at)) for at in range(now - 300, now)])])
print(json.dumps(True))
"""
SHARE = """
import json
from dashboard.boards import services
from dashboard.models import Board
owner = Board.objects.get(slug={slug!r}).owner
services.share_board(person=owner, slug={slug!r}, everybody={everybody}, rooms=[])
print(json.dumps(True))
"""
WIDTH_OF_PAGE = "document.documentElement.scrollWidth"


def some_board(installation: Any, title: str = "Latencies", **facts: Any) -> str:
    body = {
        "title": title,
        "panels": [
            panel(
                0, "Lines", "line", EACH, unit="s", thresholds=[{"at": 0.012, "level": "warning"}]
            ),
            panel(1, "Number", "stat", ALL, unit="s", options={"note": "most"}),
            panel(2, "Table", "table", EACH, unit="s", options={"columns": ["latency"]}),
            panel(3, "Stacked", "stacked", EACH, unit="s"),
            panel(4, "Gauge", "gauge", ALL, unit="s", options={"max": 0.05}),
            panel(5, "Area", "area", ALL, unit="s"),
        ],
    } | facts
    return make_board(installation, "alice", body)


def test_who_has_no_board_is_told_so(stage: Stage, measured):
    page = stage.visit("mallory").page
    page.goto("/boards/")
    expect(page.get_by_role("main")).to_contain_text("No board is shared with you")
    expect_nothing(page)


def test_a_member_makes_a_board_of_what_is_shown_to_them_and_of_nothing_else(
    stage: Stage, measured
):
    room = stage.room("builders", "alice", "bob")
    run(measured, SEND.format(room=room.strip("/").rpartition("/")[2]))
    page = stage.visit("bob").page
    page.goto("/boards/")
    board = BoardPage(page)
    page.get_by_role("navigation", name="Boards").get_by_role("button", name="New board").click()
    board.dialog.get_by_label("Title").fill("Builds of ours")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/boards/builds-of-ours[\w-]*/#build"))
    page.get_by_role("button", name="Add panel", exact=True).click()
    search = board.dialog.get_by_role("searchbox")
    search.fill("latency")
    expect(board.dialog).to_contain_text("Nothing that is measured is called like that.")
    search.fill("build")
    board.dialog.get_by_role("button", name=re.compile("^build_seconds")).click()
    board.dialog.get_by_role("button", name="Done").click()
    expect(page.locator("dialog")).to_have_count(0)
    # Before it is saved: what one makes is what one sees.
    expect(board.legend("build seconds")).to_have_count(1)
    expect_nothing(page)
    page.get_by_role("button", name="Save", exact=True).click()

    expect(board.legend("build seconds")).to_have_count(1)
    board.expect_drawn("build seconds")
    board.choose("Share…")
    expect(board.dialog.get_by_label("builders")).to_be_visible()


def test_a_panel_says_why_nothing_is_in_it(stage: Stage, measured):
    body: dict[str, Any] = {
        "panels": [
            panel(0, "Unknown", "line", {"metric": "unheard_of", "fn": "avg"}),
            panel(1, "Withdrawn", "stat", {"metric": "x", "fn": "avg", "source": "gone"}),
            panel(2, "New", "area"),
            panel(3, "Single values", "heatmap", ALL),
        ]
    }
    board = enter(stage, "alice", some_board(measured, **body))

    expect(board.panel("Unknown")).to_contain_text("There is no such series")
    expect(board.panel("Withdrawn")).to_contain_text("Its source is gone")
    expect(board.panel("New")).to_contain_text("Nobody has said yet")
    expect(board.panel("Single values")).to_contain_text("A heat map needs a distribution")
    expect_nothing(board.page)


def test_a_board_that_is_unshared_leaves_the_page_of_who_looks_at_it(stage: Stage, measured):
    slug = some_board(measured, "For a while")
    run(measured, SHARE.format(slug=slug, everybody=True))
    board = enter(stage, "bob", slug)
    expect(board.legend("Lines")).to_have_count(3)

    run(measured, SHARE.format(slug=slug, everybody=False))
    tell(measured, "latency", 0.04)

    gone = board.page.get_by_role("heading", name="This board is not shown to you any more")
    expect(gone).to_be_visible()
    expect(board.page.get_by_role("article")).to_have_count(0)
    expect(board.spoken).to_have_text("This is not yours to see any more.")
    expect_nothing(board.page)

    run(measured, SHARE.format(slug=slug, everybody=True))
    board.page.get_by_role("button", name="Look again").click()
    expect(board.legend("Lines")).to_have_count(3)


def test_a_board_opens_full_of_what_was_before_it_was_opened(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))

    expect(board.legend("Lines")).to_contain_text([r"web@0", "web@1", "web@2"])
    for title in ("Lines", "Number", "Stacked", "Area"):
        board.expect_drawn(title)
    expect(board.panel("Table").get_by_role("row")).to_have_count(4)
    expect(board.panel("Gauge")).to_contain_text("ms")


def test_what_is_measured_now_appears_by_itself(stage: Stage, measured):
    body: dict[str, Any] = {
        "panels": [panel(0, "Number", "stat", {"metric": "news", "fn": "last"})]
    }
    tell(measured, "news", 1, unit="")
    board = enter(stage, "alice", some_board(measured, **body))

    tell_until_shown(measured, "news", 4711, board.panel("Number"), "4,711")

    expect(board.page.locator(".board-state")).to_contain_text("updated")


def test_a_paused_board_stands_still_until_it_is_live_again(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))

    board.page.get_by_role("button", name="Pause").click()
    expect(board.page).to_have_url(re.compile(r"[?&]from=\d+&to=\d+"))
    expect(board.page.locator("html[data-fresh=paused]")).to_have_count(1)

    board.page.get_by_role("button", name="Live", exact=True).click()
    expect(board.page).not_to_have_url(re.compile("from="))
    expect(board.page.locator("html[data-fresh=live]")).to_have_count(1)


def test_what_is_dragged_over_is_zoomed_into_and_the_back_button_leads_out(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.expect_drawn("Lines")
    whole = board.page.url

    board.drag_over(board.panel("Lines").locator(".u-over"), 0.3, 0.5)

    expect(board.page).to_have_url(re.compile(r"from=\d+&to=\d+"))
    start, end = (int(one) for one in re.findall(r"(?:from|to)=(\d+)", board.page.url))
    assert 100 < end - start < 260
    expect(board.legend("Stacked")).to_have_count(3)

    board.page.go_back()
    expect(board.page).to_have_url(whole)
    expect(board.page.locator("html[data-fresh=live]")).to_have_count(1)


def test_the_address_of_a_moment_shows_that_moment_to_others(stage: Stage, measured):
    slug = some_board(measured)
    board = enter(stage, "alice", slug)
    board.page.get_by_role("button", name="5 minutes", exact=True).click()
    board.page.get_by_role("button", name="Pause").click()
    board.page.get_by_role("button", name="Earlier").click()
    search = "?" + board.page.url.partition("?")[2]

    other = enter(stage, "alice", slug, search)

    expect(other.page.locator("html[data-fresh=paused]")).to_have_count(1)
    assert (
        other.page.locator(".board-state").text_content()
        == board.page.locator(".board-state").text_content()
    )


def test_one_worker_is_looked_at_alone_or_each_as_a_line_of_its_own(stage: Stage, measured):
    body: dict[str, Any] = {"panels": [panel(0, "Lines", "line", ALL, unit="s")]}
    board = enter(stage, "alice", some_board(measured, **body))
    expect(board.legend("Lines")).to_have_count(1)
    workers = board.page.get_by_role("combobox", name=re.compile("worker"))

    workers.select_option("Each worker")
    expect(board.legend("Lines")).to_contain_text(["web@0", "web@1", "web@2"])
    expect(board.page).to_have_url(re.compile(r"worker=\*|worker=%2A"))

    workers.select_option("All workers")
    expect(board.legend("Lines")).to_have_count(1)


def test_the_keyboard_reads_a_chart_aloud_and_turns_it_into_a_table(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.expect_drawn("Lines")
    board.chart("Lines").focus()

    board.page.keyboard.press("Home")
    expect(board.spoken).to_contain_text("web@0")
    first = board.spoken.text_content()
    board.page.keyboard.press("PageDown")
    expect(board.spoken).not_to_have_text(first or "")

    tell(measured, "latency", 0.0123)
    board.page.keyboard.press("t")
    table = board.panel("Lines").get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_text(["Time", "web@0", "web@1", "web@2"])
    expect(table.get_by_role("cell", name="12.3 ms")).not_to_have_count(0)
    board.panel("Lines").get_by_role("button", name="Show as chart").click()
    board.expect_drawn("Lines")


def test_the_keyboard_zooms(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.expect_drawn("Lines")
    board.chart("Lines").focus()
    board.page.keyboard.press("+")
    expect(board.page).to_have_url(re.compile(r"from=\d+&to=\d+"))
    start, end = (int(one) for one in re.findall(r"(?:from|to)=(\d+)", board.page.url))
    assert 440 <= end - start <= 460


def test_a_lane_is_hidden_by_its_name(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    key = board.legend("Lines").get_by_role("button").first
    key.click()
    expect(key).to_have_attribute("aria-pressed", "false")
    key.click()
    expect(key).to_have_attribute("aria-pressed", "true")


def test_a_panel_is_taken_along_as_numbers_and_as_a_picture(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.expect_drawn("Lines")
    for entry, ending in (("Download CSV", ".csv"), ("Download picture", ".png")):
        with board.page.expect_download() as waiting:
            board.choose_for("Lines", entry)
        assert waiting.value.suggested_filename.endswith(ending)
        assert waiting.value.path().stat().st_size > 1000


def test_one_panel_fills_the_page_and_the_whole_board_the_screen(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.choose_for("Lines", "Show alone")
    expect(board.panel("Number")).to_be_hidden()
    expect(board.page).to_have_url(re.compile("panel=p0"))
    board.page.keyboard.press("Escape")
    expect(board.panel("Number")).to_be_visible()

    board.choose("Full screen")
    expect(board.page.get_by_role("navigation", name="Boards")).to_be_hidden()
    board.page.keyboard.press("Escape")
    expect(board.page.get_by_role("navigation", name="Boards")).to_be_visible()


def test_a_board_on_a_wall_shows_what_comes_and_nothing_to_press(stage: Stage, measured):
    body: dict[str, Any] = {
        "panels": [
            panel(0, "Number", "stat", {"metric": "wall", "fn": "last"}),
            panel(1, "Lines", "line", EACH, unit="s"),
        ]
    }
    tell(measured, "wall", 1, unit="")
    slug = some_board(measured, **body)
    board = enter(stage, "alice", slug, "?kiosk=1&range=5m")

    for part in ("Pause", "Menu of Lines", "Show as table", "Boards"):
        expect(board.page.get_by_role("button", name=part, exact=True)).to_have_count(0)
    expect(board.page.get_by_role("heading", level=1)).to_be_visible()
    expect_nothing(board.page)
    tell_until_shown(measured, "wall", 1789, board.panel("Number"), "1,789")

    board.page.mouse.move(400, 300)
    board.page.get_by_role("button", name="Leave the full screen").click()
    expect(board.page).to_have_url(re.compile(r"/\?range=5m$"))
    expect(board.page.get_by_role("navigation", name="Boards")).to_be_visible()


def test_a_board_is_made_of_json_on_a_phone(stage: Stage, measured):
    board = enter(stage, "alice", "overview", viewport=PHONE)
    board.page.get_by_role("button", name="Boards", exact=True).click()
    board.page.get_by_role("button", name="New board").click()
    area = board.dialog.get_by_label("From JSON (optional)")
    area.fill('{"title": "Carried along"')
    board.dialog.get_by_role("button", name="Create").click()
    expect(board.dialog.get_by_role("alert")).to_contain_text("not JSON")

    carried = {"title": "Carried along", "panels": [panel(0, "Lines", "line", EACH, unit="s")]}
    area.fill(json.dumps(carried))
    assert board.page.evaluate(WIDTH_OF_PAGE) <= PHONE["width"]
    expect_nothing(board.page)
    board.page.set_viewport_size(PHONE)
    board.dialog.get_by_role("button", name="Create").click()

    expect(board.page.get_by_role("heading", name="Carried along")).to_be_visible()
    expect(board.legend("Lines")).to_have_count(3)
    board.expect_drawn("Lines")
    assert board.page.evaluate(WIDTH_OF_PAGE) <= PHONE["width"]


def test_a_panel_is_seen_while_it_is_edited(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured, panels=[]))
    board.page.get_by_role("button", name="Add panels").click()
    board.page.get_by_role("button", name="Add panel", exact=True).click()
    preview = board.dialog.get_by_role("group", name="What it shows")
    expect(preview).to_contain_text("Choose a series.")

    board.dialog.get_by_role("searchbox").fill("laten")
    board.dialog.get_by_role("button", name=re.compile("^latency")).click()
    expect(preview.get_by_role("listitem")).to_have_count(1)
    board.dialog.get_by_label("worker", exact=True).check()
    expect(preview.get_by_role("listitem")).to_contain_text(["web@0", "web@1", "web@2"])
    expect(preview.locator("canvas")).to_be_visible()
    expect_nothing(board.page)

    board.dialog.get_by_label("Shown as").select_option("A number")
    expect(preview.locator(".stat-spark")).to_be_visible()
    board.dialog.get_by_role("button", name="Done").click()
    expect(board.page.locator("dialog")).to_have_count(0)
    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(board.panel("latency").locator(".stat-spark")).to_be_visible()
    expect(board.panel("latency").locator(".panel-empty")).to_be_hidden()


def test_a_board_is_made_in_the_browser(stage: Stage, measured):
    board = enter(stage, "alice", "overview")
    board.page.get_by_role("button", name="New board").click()
    board.dialog.get_by_label("Title").fill("My own")
    board.page.keyboard.press("Enter")

    expect(board.page).to_have_url(re.compile(r"/boards/my-own[\w-]*/#build"))
    board.page.get_by_role("button", name="Add panel", exact=True).click()
    board.dialog.get_by_role("searchbox").fill("laten")
    board.dialog.get_by_role("button", name=re.compile("^latency")).click()
    expect(board.dialog.get_by_label("Title", exact=True)).to_have_value("latency")
    board.dialog.get_by_label("worker", exact=True).check()
    board.dialog.get_by_role("button", name="Done").click()

    handle = board.page.get_by_role("button", name=re.compile("^Move latency"))
    expect(handle).to_be_focused()
    board.page.keyboard.press("ArrowRight")
    expect(board.spoken).to_have_text("Column 2, row 1, 6 wide, 4 high")
    board.page.keyboard.press("Shift+ArrowDown")
    expect(board.spoken).to_have_text("Column 2, row 1, 6 wide, 5 high")

    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(handle).to_have_count(0)
    expect(board.legend("latency")).to_contain_text(["web@0", "web@1", "web@2"])
    board.page.reload()
    board.expect_drawn("latency")


def test_what_the_server_refuses_is_said_where_it_is_wrong_and_nothing_is_lost(
    stage: Stage, measured
):
    board = enter(stage, "alice", some_board(measured))
    board.choose("Edit…")
    board.page.get_by_role("button", name="JSON").click()
    area = board.dialog.get_by_role("textbox")
    area.fill("{")
    board.dialog.get_by_role("button", name="Use this").click()
    expect(board.dialog.get_by_role("alert")).to_contain_text("not JSON")
    wrong = panel(0, "Wrong", "line", {"metric": "latency", "fn": "guess"})
    area.fill(f'{{"title": "Mended", "panels": [{json.dumps(wrong)}]}}')
    board.dialog.get_by_role("button", name="Use this").click()

    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(board.panel("Wrong").get_by_role("alert")).to_contain_text("guess")
    expect(board.page.get_by_label("Title of the board")).to_have_value("Mended")

    board.page.get_by_role("button", name="Edit Wrong").click()
    board.dialog.get_by_label("Function").select_option("average")
    board.dialog.get_by_role("button", name="Done").click()
    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(board.page.get_by_role("heading", name="Mended")).to_be_visible()
    board.expect_drawn("Wrong")


def test_a_panel_is_dragged_to_another_place(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.choose("Edit…")
    handle = board.page.get_by_role("button", name=re.compile("^Move Lines"))
    before, target = handle.bounding_box(), board.panel("Stacked").bounding_box()
    assert before is not None
    assert target is not None
    board.page.mouse.move(before["x"] + 10, before["y"] + 10)
    board.page.mouse.down()
    board.page.mouse.move(before["x"] + 10, before["y"] + target["height"] + 30, steps=6)
    board.page.mouse.up()
    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(handle).to_have_count(0)
    lines, stacked = board.panel("Lines").bounding_box(), board.panel("Stacked").bounding_box()
    assert lines is not None
    assert stacked is not None
    assert lines["y"] > stacked["y"]


def test_a_board_is_starred_and_deleted(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured, "Short lived"))
    board.choose("Star")
    rail = board.page.get_by_role("navigation", name="Boards")
    expect(rail.locator(".rail-starred").get_by_role("link", name="Short lived")).to_be_visible()
    board.choose("Delete…")
    board.dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(board.page).to_have_url(re.compile("/boards/overview/"))
    expect(rail.get_by_role("link", name="Short lived")).to_have_count(0)


def test_whom_a_board_is_shared_with_sees_it_and_may_not_change_it(stage: Stage, measured):
    slug = some_board(measured, "For all")
    board = enter(stage, "alice", slug)
    board.choose("Share…")
    board.dialog.get_by_label("Everybody here").check()
    board.dialog.get_by_role("button", name="Save").click()
    expect(board.page.locator("dialog")).to_have_count(0)

    bob = enter(stage, "bob", slug)
    expect(bob.legend("Lines")).to_have_count(3)
    bob.page.get_by_role("button", name=re.compile("^Menu of .* · ")).click()
    expect(bob.page.locator(":popover-open").get_by_text("Duplicate")).to_be_visible()
    expect(bob.page.locator(":popover-open").get_by_text("Edit…")).to_have_count(0)


def test_a_board_on_a_phone(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured), viewport=PHONE)
    board.expect_drawn("Lines")
    assert board.page.evaluate(WIDTH_OF_PAGE) <= PHONE["width"]
    board.page.set_viewport_size({"width": 320, "height": 640})
    assert board.page.evaluate(WIDTH_OF_PAGE) <= 320
    board.page.get_by_role("button", name="Boards", exact=True).click()
    expect(board.page.get_by_role("link", name="Sockets", exact=True)).to_be_visible()


def test_axe_finds_nothing_on_a_full_board(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.expect_drawn("Lines")
    expect_nothing(board.page)
    board.panel("Lines").get_by_role("button", name="Show as table").click()
    expect(board.panel("Lines").get_by_role("table")).to_be_visible()
    expect_nothing(board.page)


def test_axe_finds_nothing_while_a_board_is_made(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured))
    board.choose("Edit…")
    expect(board.page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    expect_nothing(board.page)
    board.page.get_by_role("button", name="Edit Lines").click()
    expect(board.dialog).to_be_visible()
    expect_nothing(board.page)


def test_axe_finds_nothing_on_a_built_in_board(stage: Stage, measured):
    expect_nothing(enter(stage, "alice", "overview").page)
