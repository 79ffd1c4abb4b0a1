"""The first minutes of an empty installation."""

import re

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.axe import expect_nothing
from tests.journeys.page import ChatPage
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation

LINK = re.compile(r"http://\S+/setup/\S+")
DONE = "This Signalbox is set up"


def setup_link(server: Installation) -> str:
    found = LINK.search(server.manage("setup_link", server.url))
    assert found, "no setup link"
    return found.group()


def fill_in(page: Page, name: str) -> None:
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Username").fill(name.lower())
    page.get_by_label("E-mail address").fill(f"{name.lower()}@example.org")
    page.get_by_label("Password").fill(PASSWORD)


def test_the_setup_link_leads_to_the_first_message(
    live_server_process: Installation, visitors: Visitors
):
    link = setup_link(live_server_process)
    page = visitors()
    page.goto(link)
    fill_in(page, "Alice")
    page.get_by_role("button", name="Create owner account").click()

    alice = ChatPage(page).expect_room("general").expect_live()
    expect(alice.log.get_by_role("heading")).to_have_text("Welcome to #general")
    alice.say("first light")
    alice.expect_said("first light")

    late = visitors()
    late.goto(link)
    expect(late.get_by_role("heading", level=1)).to_have_text(DONE)
    late.get_by_role("main").get_by_role("link", name="Sign in").click()
    expect(late.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert "is empty" not in live_server_process.manage("setup_link")


def test_a_mistake_in_the_form_is_told_beside_its_field(
    fresh_server_process: Installation, visitors: Visitors
):
    page = visitors(base_url=fresh_server_process.url)
    page.goto(setup_link(fresh_server_process))
    expect_nothing(page)
    fill_in(page, "Alice")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Create owner account").click()

    expect(page.get_by_text("This password is too common.")).to_be_visible()
    expect(page.get_by_label("Username")).to_have_value("alice")
    expect_nothing(page)


def test_a_wrong_link_says_where_the_right_one_is(
    fresh_server_process: Installation, visitors: Visitors
):
    page = visitors(base_url=fresh_server_process.url)
    response = page.goto("/setup/wrong/")

    assert response is not None
    assert response.status == 410
    expect(page.get_by_role("heading", level=1)).to_have_text("This setup link is not valid")
    expect(page.get_by_text("the terminal in which the server runs")).to_be_visible()


def test_of_two_who_set_up_at_once_one_wins_and_the_other_is_told(
    fresh_server_process: Installation, visitors: Visitors
):
    pages = [visitors(base_url=fresh_server_process.url) for _ in range(2)]
    for page, name in zip(pages, ("Alice", "Mallory"), strict=True):
        page.goto(setup_link(fresh_server_process))
        fill_in(page, name)

    for page in pages:
        page.get_by_role("button", name="Create owner account").click(no_wait_after=True)

    headings = [page.get_by_role("heading", level=1) for page in pages]
    for heading in headings:
        expect(heading).to_have_text(re.compile(rf"^\s*(general|{DONE})\s*$"))
    assert sorted(heading.inner_text().strip() for heading in headings) == [DONE, "general"]
