"""A board in a browser, as a person sees it and moves about on it."""

import json
import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.journeys.stage import Stage, run
from tests.servers.installation import Installation

MAKE_STAFF = """
import json
from realtime_project.accounts.models import User
User.objects.filter(username={name!r}).update(is_staff=True)
print(json.dumps(True))
"""

MAKE_BOARD = """
import json
from dashboard.boards import services
from dashboard.boards.body import read_body
from realtime_project.accounts.models import User
person = User.objects.get(username={name!r})
print(json.dumps(services.make_board(person=person, body=read_body({body!r})).slug))
"""


@dataclass
class BoardPage:
    """A page on which a board is open."""

    page: Page

    def open(self, slug: str, search: str = "") -> "BoardPage":
        self.page.goto(f"/boards/{slug}/{search}")
        expect(self.page.locator("html[data-fresh]")).to_have_count(1)
        return self

    def panel(self, title: str) -> Locator:
        return self.page.get_by_role("article", name=title, exact=True)

    def chart(self, title: str) -> Locator:
        return self.panel(title).get_by_role("application")

    def legend(self, title: str) -> Locator:
        return self.panel(title).get_by_role("listitem")

    @property
    def spoken(self) -> Locator:
        return self.page.locator("#announcer")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def choose(self, entry: str) -> None:
        """An entry of the board's own menu."""
        self.page.get_by_role("button", name=re.compile("^Menu of .* · ")).click()
        self.page.get_by_role("button", name=entry, exact=True).click()

    def choose_for(self, title: str, entry: str) -> None:
        """An entry of a panel's menu."""
        self.panel(title).get_by_role("button", name=f"Menu of {title}").click()
        self.page.locator(":popover-open").get_by_text(entry, exact=True).click()

    def drag_over(self, canvas: Locator, start: float, end: float) -> None:
        """From one share of its width to another one, in the middle."""
        box = canvas.bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * start, middle)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * end, middle, steps=5)
        self.page.mouse.up()

    def expect_drawn(self, title: str) -> None:
        """Wait until something is drawn in a panel: the pixels of its canvas are not all alike."""
        canvas = self.panel(title).locator("canvas")
        expect(canvas).to_be_visible()
        colours = canvas.evaluate(COLOURS)
        assert colours > 1, f"{title} is blank"


COLOURS = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""


def make_staff(installation: Installation, name: str) -> None:
    run(installation, MAKE_STAFF.format(name=name))


def make_board(installation: Installation, name: str, body: dict[str, Any]) -> str:
    """Make a board of somebody's; returns its slug."""
    script = MAKE_BOARD.format(name=name, body=json.dumps(body).encode())
    return str(run(installation, script))


def panel(
    number: int, title: str, kind: str, *queries: dict[str, Any], **facts: Any
) -> dict[str, Any]:
    """A panel of a board's JSON, three of them in a row."""
    place = {"x": number % 3 * 4, "y": number // 3 * 4, "w": 4, "h": 4}
    told = {"id": f"p{number}", "title": title, "kind": kind, "queries": list(queries)}
    return told | place | facts


def enter(stage: Stage, person: str, slug: str, search: str = "", **options: Any) -> BoardPage:
    """Open a board in a browser of this person's own."""
    return BoardPage(stage.visit(person, **options).page).open(slug, search)
