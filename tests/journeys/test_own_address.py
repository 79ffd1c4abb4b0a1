"""One's own e-mail address: changed by a letter where letters go out, by an admin elsewhere."""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.conftest import NewInstallation
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import sign_in
from tests.journeys.stage import Stage
from tests.servers.installation import Installation


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """An installation whose letters go into a folder."""
    installation = new_installation()
    installation.settings["EMAIL_URL"] = f"filemail:///{installation.var}/letters"
    with installation.served():
        yield installation


def letters(installation: Installation) -> list[EmailMessage]:
    """What was sent, the first letter first."""
    files = sorted((installation.var / "letters").iterdir(), key=when_written)
    return [read_letter(file) for file in files]


def when_written(file: Path) -> int:
    return file.stat().st_mtime_ns


def read_letter(file: Path) -> EmailMessage:
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert isinstance(letter, EmailMessage)
    return letter


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    expect_nothing(page)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_an_address_is_changed_by_a_letter_that_is_opened_on_the_phone(stage: Stage):
    alice = stage.visit("alice").page
    alice.goto("/accounts/2fa/")
    alice.get_by_role("link", name="Change address").click()
    heading(alice, "Is it you?")
    alice.get_by_label("Password").fill(PASSWORD)
    press(alice, "Go on")
    heading(alice, "E-mail address")
    field = alice.get_by_label("New address")
    field.fill("alice@example.org")
    press(alice, "Send the link")
    expect(alice.get_by_text("This is your address already.")).to_be_visible()
    expect_nothing(alice)
    field.fill("alice@new.example")
    press(alice, "Send the link")
    heading(alice, "Look into your mail")
    expect(alice.get_by_role("main")).to_contain_text("alice@new.example")

    [letter] = letters(stage.troupe.installation)
    assert letter["To"] == "alice@new.example"
    [link] = re.findall(r"http\S+#\S+", letter.get_content())
    phone = stage.visitors(viewport=PHONE)
    phone.goto(link)
    sign_in(phone, "alice", PASSWORD)
    heading(phone, "Use your new address?")
    press(phone, "Use it")

    expect(phone.get_by_text("Your new address is saved.")).to_be_visible()
    expect(phone.get_by_role("region", name="E-mail address")).to_contain_text("alice@new.example")
    told = letters(stage.troupe.installation)[-1]
    assert told["To"] == "alice@example.org"
    phone.goto(link)
    expect(phone.get_by_text("This link is over, or is for another account.")).to_be_visible()
    expect_nothing(phone)
    secret = link.partition("#")[2]
    assert secret not in stage.troupe.installation.log.read_text()
