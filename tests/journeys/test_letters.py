"""From a mention to a letter, from the letter to the message, and to no more letters."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import NewInstallation
from tests.journeys.axe import expect_nothing
from tests.journeys.stage import Stage, Troupe, gather
from tests.servers.installation import Installation
from tests.servers.smtp import MailServer, serve_mail

SETTINGS = "/settings/notifications/"


@pytest.fixture(scope="module")
def mail_server() -> Iterator[MailServer]:
    with serve_mail() as server:
        yield server


@pytest.fixture(scope="module")
def live_server_process(
    new_installation: NewInstallation, mail_server: MailServer
) -> Iterator[Installation]:
    """An installation whose letters go to a mail server."""
    installation = new_installation()
    installation.settings |= {"EMAIL_URL": mail_server.url, "SITE_URL": installation.url}
    with installation.served(jobs=True):
        yield installation


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    return gather(live_server_process, "alice", "bob")


def part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def choose_at_once(page: Page) -> None:
    page.goto(SETTINGS)
    expect(page.get_by_label("Send me e-mail")).to_be_checked()
    expect_nothing(page)
    mention = page.get_by_role("group", name="Somebody mentions me")
    mention.get_by_label("E-mail").select_option("at once")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Your notification settings are saved.")).to_be_visible()


def test_a_mention_comes_by_letter_and_letters_end_by_one_button(
    stage: Stage, mail_server: MailServer
):
    room = stage.room("Releases", "bob", "alice")
    alice = stage.visit("alice").page
    choose_at_once(alice)
    alice.goto("about:blank")  # nobody sits before a page of hers

    stage.enter("bob", room).say("@alice, is it out?")
    letter = mail_server.next_letter()

    assert letter["To"] == "alice@example.org"
    assert letter["Subject"].strip() == "Bob mentioned you in Releases. · Signalbox"
    alice.set_content(part(letter, "html"))
    expect_nothing(alice)
    [link, *_others] = re.findall(r"http\S+/rooms/\S+", part(letter, "plain"))
    alice.goto(link)
    expect(alice.get_by_text("@alice, is it out?")).to_be_visible()

    [off] = re.findall(r"http\S+/mail/off/\S+", part(letter, "plain"))
    stranger = stage.visitors()
    stranger.goto(off)
    expect_nothing(stranger)
    stranger.get_by_role("button", name="Send no more e-mail").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("No more e-mail")
    expect_nothing(stranger)
    alice.goto(SETTINGS)
    expect(alice.get_by_label("Send me e-mail")).not_to_be_checked()
