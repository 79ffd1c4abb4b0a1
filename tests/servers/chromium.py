"""Debian's Chromium, driven by Playwright: no test downloads a browser of its own."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.servers.process import NotInstalled

# The shell is the same browser without windows of its own: a page costs it a third.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=60_000)


@contextmanager
def launch_chromium(*, shows_notifications: bool = False) -> Iterator[Browser]:
    """Start the browser; the whole of it for notifications, which the shell does not show."""
    names, flags = (
        (NAMES[1:], [*FLAGS, "--headless=new"]) if shows_notifications else (NAMES, FLAGS)
    )
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        raise NotInstalled(f"Chromium (apt-get install {names[0]})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*flags])
        yield browser
        browser.close()


class SharedBrowser:
    """One browser, lent to one file after the other: starting it takes as long as many a journey.

    While it is lent Playwright's loop counts as running in this thread, and no asynchronous test
    could run; between two files it does not, and stands still.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._browser: Browser | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def lent(self) -> Iterator[Browser]:
        asyncio._set_running_loop(self._loop)
        try:
            yield self._running()
        finally:
            self._loop = asyncio._get_running_loop()
            asyncio._set_running_loop(None)

    def end(self) -> None:
        asyncio._set_running_loop(self._loop)
        try:
            self._stack.close()
        finally:
            asyncio._set_running_loop(None)

    def _running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._stack.close()
            self._browser = self._stack.enter_context(launch_chromium())
        return self._browser


@dataclass
class Visitors:
    """Opens pages, each in a browser profile of its own, and minds what goes wrong on them."""

    browser: Browser
    base_url: str
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __call__(self, **options: Any) -> Page:
        options.setdefault("base_url", self.base_url)
        context = self.browser.new_context(**options)
        self.contexts.append(context)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        context.on("console", self._listen)
        return context.new_page()

    def leave(self) -> None:
        for context in self.contexts:
            context.close()

    def _listen(self, message: ConsoleMessage) -> None:
        # Chromium reports what our Content Security Policy stopped here only.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)
