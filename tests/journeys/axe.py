"""What axe-core has to say about a page: in light and dark, on a desk and on a phone."""

from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page, ViewportSize

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# In the dark nothing else is shown, in other colours: only those are looked at anew.
OF_COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
THEMES: tuple[tuple[Literal["light", "dark"], dict[str, Any]], ...] = (
    ("light", {}),
    ("dark", OF_COLORS),
)
# What it has nothing to say against is long, and would have to be carried over here.
RUN = """async (options) => {
    const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
    return { violations };
}"""


def expect_nothing(page: Page) -> None:
    """Fail with a report if there is anything at all to say."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for theme, options in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = run(page, options)
            where = f"{page.url}, {theme}, {size['width']} px"
            assert found.violations_count == 0, f"{where}: {found.generate_report()}"


def run(page: Page, options: dict[str, Any]) -> AxeResults:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate(RUN, options))
