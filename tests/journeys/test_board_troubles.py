"""Boards of which a part cannot be shown, from the beginning or from one moment on."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import expect_nothing
from tests.journeys.board_page import BoardPage, enter, make_board, panel
from tests.journeys.measures import tell, tell_until_shown
from tests.journeys.stage import Stage, run

FLOOD = """
import json
from dashboard.boards.budget import MOST_OF_A_PANEL
from dashboard.storage.registry import Described, key_of, series_for
names = [f"web@{number}" for number in range(MOST_OF_A_PANEL // 800)]
series_for([Described(key_of("flood", {"worker": name}), "gauge", "") for name in names])
print(json.dumps(len(names)))
"""
DRAIN = """
import json
from dashboard.models import Series
print(json.dumps(Series.objects.filter(name="flood").exclude(labels__worker="web@0").delete()[0]))
"""
LATENCY = {"metric": "latency", "fn": "avg", "by": ["worker"]}


def some_board(installation: Any, *panels: dict[str, Any]) -> str:
    return make_board(installation, "alice", {"title": "Troubles", "panels": list(panels)})


def test_a_panel_that_becomes_too_much_says_so_and_the_others_go_on(stage: Stage, measured):
    tell(measured, "flood", 1, unit="")
    tell(measured, "quiet", 1, unit="")
    slug = some_board(
        measured,
        panel(0, "Flood", "line", {"metric": "flood", "fn": "sum"}),
        panel(1, "Quiet", "stat", {"metric": "quiet", "fn": "last"}),
        panel(2, "Lines", "line", LATENCY, unit="s"),
    )
    board = enter(stage, "alice", slug)
    expect(board.legend("Flood")).to_have_count(1)
    why = board.panel("Flood").get_by_role("status")
    expect(why).to_be_hidden()

    assert run(measured, FLOOD) > 1_000
    tell(measured, "flood", 2, unit="")
    expect(why).to_contain_text("too many series by now to follow them live")
    tell_until_shown(measured, "quiet", 4711, board.panel("Quiet"), "4,711")
    expect(board.legend("Flood")).to_have_count(1)
    expect_nothing(board.page)

    # Who opens it now is told so at once, and sees the others.
    later = enter(stage, "alice", slug)
    expect(later.panel("Flood")).to_contain_text("This is too much to be shown at once.")
    expect(later.legend("Lines")).to_have_count(3)
    expect(later.page.locator("#board-notice")).to_be_hidden()
    expect_nothing(later.page)

    assert run(measured, DRAIN)
    for page in (board, later):
        expect(page.panel("Flood").get_by_role("status")).to_be_hidden()
        expect(page.legend("Flood")).to_have_count(1)


def test_a_board_that_is_all_too_much_says_how_many_series_it_means(stage: Stage, measured):
    tell(measured, "flood", 1, unit="")
    slug = some_board(measured, panel(0, "Flood", "line", {"metric": "flood", "fn": "sum"}))
    run(measured, FLOOD)
    board = enter(stage, "alice", slug)

    expect(board.page.locator("#board-notice")).to_contain_text("too many for 9")
    expect(board.panel("Flood")).to_contain_text("This is too much to be shown at once.")
    expect_nothing(board.page)

    # As it says: a shorter time can be shown.
    board.page.get_by_role("button", name="5 minutes", exact=True).click()
    expect(board.legend("Flood")).to_have_count(1)
    expect(board.page.locator("#board-notice")).to_be_hidden()
    run(measured, DRAIN)


SEND = """
import json, time
from dashboard.models import Audience, IngestSource
from dashboard.storage.points import single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
source, _ = IngestSource.objects.get_or_create(slug="farm", defaults={"title": "Farm"})
source.audience = Audience.EVERYBODY
source.save()
[pk] = series_for([Described(key_of("yield", {}, source.pk), "gauge", "")]).values()
now = int(time.time())
store([Report("farm", [(at, pk, single(at % 9, at)) for at in range(now - 300, now)])])
print(json.dumps(True))
"""
WITHDRAW = """
import json
from dashboard.models import Audience, IngestSource
IngestSource.objects.filter(slug="farm").update(audience=Audience.STAFF)
print(json.dumps(True))
"""
YIELD = {"metric": "yield", "fn": "last", "source": "farm"}


def withdrawn(stage: Stage, installation: Any, slug: str, search: str = "") -> BoardPage:
    """Bob's page of a board, and the source that he sees there is withdrawn from him."""
    board = enter(stage, "bob", slug, search)
    expect(board.page.locator(".legend-label").first).to_have_text("yield")
    run(installation, WITHDRAW)
    return board


@pytest.mark.parametrize("search", ["", "?range=1h"], ids=["live", "asked for"])
def test_a_source_that_is_withdrawn_leaves_the_boards_that_were_made_of_it(
    stage: Stage, measured, search
):
    run(measured, SEND)
    body = {"title": "Of the farm", "panels": [panel(0, "Yield", "line", YIELD)]}
    slug = make_board(measured, "bob", body)

    board = withdrawn(stage, measured, slug, search)

    expect(board.panel("Yield")).to_contain_text("Its source is gone, or not shown")
    expect(board.legend("Yield")).to_have_count(0)
    expect_nothing(board.page)
    run(measured, SEND)
    board.page.reload()
    expect(board.legend("Yield")).to_have_count(1)


@pytest.mark.parametrize("search", ["", "?range=1h"], ids=["live", "asked for"])
def test_the_board_of_a_source_that_is_withdrawn_leaves_the_page(stage: Stage, measured, search):
    run(measured, SEND)
    board = withdrawn(stage, measured, "source-farm", search)

    gone = board.page.get_by_role("heading", name="This board is not shown to you any more")
    expect(gone).to_be_visible()
    expect(board.page.get_by_role("article")).to_have_count(0)
    expect_nothing(board.page)
