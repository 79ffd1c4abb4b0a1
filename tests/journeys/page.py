"""The chat page as a person uses it: what can be found by its role, its name or its words."""

import re
from typing import Self

from playwright.sync_api import Locator, Page, expect

LOGIN = re.compile(r"/accounts/login/")


class ChatPage:
    """One tab of one person."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self.composer = page.get_by_role("textbox", name=re.compile("^Message "))
        self.rail = page.get_by_role("navigation", name="Rooms")
        self.dialog = page.get_by_role("dialog")
        self.waiting = self.log.get_by_text(re.compile("^(sending…|will be sent when)"))

    def open(self, path: str = "/") -> Self:
        self.page.goto(path)
        return self.expect_live()

    def tab(self, path: str) -> "ChatPage":
        """Another tab of the same browser."""
        return ChatPage(self.page.context.new_page()).open(path)

    def expect_live(self) -> Self:
        expect(self.page.locator("html")).to_have_attribute("data-connection", "live")
        return self

    def expect_transport(self, transport: str, timeout: float = 60_000) -> Self:
        """The page is live, and by this way."""
        root = self.page.locator("html")
        expect(root).to_have_attribute("data-transport", transport, timeout=timeout)
        return self.expect_live()

    def expect_room(self, name: str) -> Self:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return self

    # --- reading ---

    def message(self, text: str) -> Locator:
        """The message with this text. Its case counts: "alice 1" is not "Alice 1:15 AM"."""
        return self.log.get_by_role("listitem").filter(has_text=re.compile(re.escape(text)))

    def expect_said(self, *texts: str) -> None:
        """These, each once and in this order, of all messages made of such words."""
        families = "|".join(sorted({re.sub(r"\d+$", r"\\d+", text) for text in texts}))
        found = self.log.get_by_role("listitem").filter(has_text=re.compile(rf"\b({families})\b"))
        expect(found).to_have_text([re.compile(rf"\b{text}\b") for text in texts])
        expect(self.waiting).to_have_count(0)

    def room(self, name: str) -> Locator:
        """The room's link in the rail."""
        return self.rail.get_by_role("link", name=re.compile(rf"^{name}\b"))

    # --- writing ---

    def say(self, *texts: str) -> Self:
        for text in texts:
            self.composer.fill(text)
            self.composer.press("Enter")
        return self

    def act(self, message: Locator, action: str) -> None:
        """Press one of the buttons that a message shows under the pointer."""
        message.hover()
        message.get_by_role("toolbar").get_by_role("button", name=action).click()

    def choose(self, menu: str, entry: str) -> None:
        self.page.get_by_role("button", name=menu).click()
        self.page.get_by_role("button", name=entry, exact=True).click()

    def answer(self, answer: str) -> None:
        """Press a button of the dialog that is open."""
        self.dialog.get_by_role("button", name=answer, exact=True).click()
        # Not the role: it ends before the focus goes back to where it was.
        expect(self.page.locator("dialog")).to_have_count(0)

    def sign_out(self) -> None:
        self.choose("account menu", "Sign out")


def sign_in(page: Page, username: str, password: str) -> None:
    """Fill in the sign-in form that is open."""
    page.get_by_label("Username").or_(page.get_by_label("Login")).fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
