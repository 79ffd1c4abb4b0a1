"""A heat map: drawn, read by keyboard and by pointer, and as a table."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import expect_nothing
from tests.journeys.board_page import BoardPage, enter, make_board, make_staff, panel
from tests.journeys.stage import Stage, run

SPREAD = """
import json, time
from dashboard.storage.points import spread
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
took = Described(key_of("took", {}), "histogram", "s")
[pk] = series_for([took]).values()
now = int(time.time())
for start in range(now - 840, now - 3, 60):
    points = [(at, pk, spread([0.002] * 9 + [0.5], at)) for at in range(start, start + 60)]
    store([Report("web@0", points)])
print(json.dumps(now))
"""


@pytest.fixture(scope="module")
def measured(live_server_process, troupe):
    make_staff(live_server_process, "alice")
    run(live_server_process, SPREAD)
    return live_server_process


@pytest.fixture
def board(stage: Stage, measured) -> BoardPage:
    spread = panel(0, "Took", "heatmap", {"metric": "took"}, unit="s")
    body = {"title": "Spread", "panels": [spread | {"w": 12}]}
    return enter(stage, "alice", make_board(measured, "alice", body))


def test_it_is_drawn_and_told_by_keyboard(board: BoardPage):
    board.expect_drawn("Took")
    foot = board.panel("Took").locator(".legend-heat")
    expect(foot).to_have_text(re.compile(r"^\s*0\s*9\s*$"))
    expect_nothing(board.page)

    board.chart("Took").focus()
    board.page.keyboard.press("Home")
    for _ in range(2):
        board.page.keyboard.press("PageDown")
    # Of ten that were measured in a second one took long.
    expect(board.spoken).to_contain_text(re.compile(r": [\d.]+ ms 9, [\d.]+ ms 1$"))


def test_it_is_a_table_too(board: BoardPage):
    board.expect_drawn("Took")
    board.chart("Took").focus()
    board.page.keyboard.press("t")

    table = board.panel("Took").get_by_role("table")
    expect(table.get_by_role("columnheader").first).to_have_text("Time")
    expect(table.get_by_role("columnheader").last).to_contain_text("ms")
    expect(table.get_by_role("cell", name="9", exact=True)).not_to_have_count(0)
    expect_nothing(board.page)
    board.panel("Took").get_by_role("button", name="Show as chart").click()
    board.expect_drawn("Took")


def test_it_is_zoomed_by_dragging_and_by_keys(board: BoardPage):
    board.expect_drawn("Took")
    whole = board.page.url
    canvas = board.panel("Took").locator("canvas")
    board.drag_over(canvas, 0.4, 0.6)
    expect(board.page).to_have_url(re.compile(r"from=\d+&to=\d+"))

    canvas.dblclick()
    expect(board.page).to_have_url(whole)
    board.chart("Took").focus()
    board.page.keyboard.press("+")
    expect(board.page).to_have_url(re.compile(r"from=\d+&to=\d+"))


def test_the_pointer_reads_a_cell(board: BoardPage):
    board.expect_drawn("Took")
    box = board.panel("Took").locator("canvas").bounding_box()
    assert box is not None
    # The row at the bottom is that of what took least.
    board.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] - 28)
    told = board.panel("Took").locator(".panel-foot")
    expect(told).to_contain_text(re.compile(r"up to [\d.]+ ms: 9"))
    expect(told).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
