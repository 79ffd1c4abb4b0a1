"""Boards are copied, starred, carried along and shared with a room."""

import json
import re
from typing import Any

from playwright.sync_api import expect

from tests.journeys.axe import expect_nothing
from tests.journeys.board_page import BoardPage, enter, make_board, panel
from tests.journeys.measures import tell
from tests.journeys.stage import Stage

EACH = {"metric": "latency", "fn": "avg", "by": ["worker"]}


def some_board(installation: Any, title: str) -> str:
    panels = [panel(0, "Lines", "line", EACH, unit="s")]
    return make_board(installation, "alice", {"title": title, "panels": panels})


def rename(board: BoardPage, title: str) -> None:
    board.choose("Edit…")
    board.page.get_by_label("Title of the board").fill(title)
    board.page.get_by_role("button", name="Save", exact=True).click()
    expect(board.page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_a_copy_of_a_board_is_a_board_of_its_own(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured, "First"))
    first = board.page.url
    board.choose("Duplicate")

    expect(board.page.get_by_role("heading", level=1, name="First (copy)")).to_be_visible()
    expect(board.page).not_to_have_url(first)
    expect(board.legend("Lines")).to_have_count(3)
    rename(board, "Second")
    board.choose("Delete…")
    board.dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(board.page).to_have_url(re.compile("/boards/overview/"))

    board.page.goto(first)
    expect(board.page.get_by_role("heading", level=1, name="First")).to_be_visible()
    board.expect_drawn("Lines")


def test_a_built_in_board_is_copied_and_then_changed(stage: Stage, measured):
    board = enter(stage, "alice", "overview")
    board.choose("Duplicate")
    expect(board.page.get_by_role("heading", level=1, name="Overview (copy)")).to_be_visible()
    rename(board, "As I want it")
    board.page.reload()
    expect(board.page.get_by_role("heading", level=1, name="As I want it")).to_be_visible()


def test_who_leaves_a_room_loses_the_boards_that_it_was_shown(stage: Stage, measured):
    path = stage.room("watchers", "alice", "bob")
    slug = some_board(measured, "For watchers")
    board = enter(stage, "alice", slug)
    board.choose("Share…")
    board.dialog.get_by_label("watchers").check()
    expect_nothing(board.page)
    board.dialog.get_by_role("button", name="Save").click()
    expect(board.page.locator("dialog")).to_have_count(0)

    bob = enter(stage, "bob", slug)
    expect(bob.legend("Lines")).to_have_count(3)
    shared = bob.page.get_by_role("navigation", name="Boards")
    expect(shared.get_by_role("link", name="For watchers")).to_be_visible()
    mallory = stage.visit("mallory").page
    answer = mallory.goto(f"/boards/{slug}/")
    assert answer is not None
    assert answer.status == 404

    stage.troupe.post("bob", f"{path}leave/")
    tell(measured, "latency", 0.04)
    gone = bob.page.get_by_role("heading", name="This board is not shown to you any more")
    expect(gone).to_be_visible()
    expect(bob.page.get_by_role("article")).to_have_count(0)


def test_a_star_keeps_a_board_at_hand_until_it_is_taken_away(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured, "Dear"))
    starred = board.page.locator(".rail-starred").get_by_role("link", name="Dear")
    board.choose("Star")
    expect(starred).to_be_visible()
    board.page.goto("/boards/overview/")
    expect(starred).to_be_visible()
    starred.click()
    board.choose("Remove the star")
    expect(starred).to_have_count(0)


def test_a_panel_and_a_board_are_taken_along_as_json(stage: Stage, measured):
    board = enter(stage, "alice", some_board(measured, "Carried"))
    board.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    board.expect_drawn("Lines")
    with board.page.expect_download() as waiting:
        board.choose_for("Lines", "Download JSON")
    told = json.loads(waiting.value.path().read_text())
    assert [lane["label"] for lane in told["lanes"]] == ["web@0", "web@1", "web@2"]
    assert len(told["lanes"][0]["values"]) == len(told["seconds"])

    board.choose("Copy as JSON")
    expect(board.page.get_by_text("Copied")).to_be_visible()
    copied = json.loads(board.page.evaluate("navigator.clipboard.readText()"))
    assert copied["title"] == "Carried"
    board.page.get_by_role("button", name="New board").click()
    board.dialog.get_by_label("From JSON (optional)").fill(json.dumps(copied))
    board.dialog.get_by_role("button", name="Create").click()
    expect(board.page).not_to_have_url(re.compile("/boards/overview/"))
    expect(board.legend("Lines")).to_have_count(3)
