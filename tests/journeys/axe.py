"""What axe-core has to say about a page: in light and dark, on a desk and on a phone."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def expect_nothing(page: Page) -> None:
    """Fail with a report if there is anything at all to say."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = Axe().run(page)
            where = f"{page.url}, {theme}, {size['width']} px"
            assert found.violations_count == 0, f"{where}: {found.generate_report()}"
