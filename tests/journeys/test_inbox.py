"""The inbox as people see it: the bell beside everything, and the page with all of it."""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.conftest import NewInstallation
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, Troupe, gather, run
from tests.servers.installation import Installation

ANNOUNCE = """
from notifications.services import announce
print(announce(title="{title}", text="{text}").pk)
"""
ARCHIVE = """
from chat.models import Membership
from chat.services import archive_room
owner = Membership.objects.get(room={room}, role="owner").person_id
archive_room(person=owner, room={room}, archived=True)
print("true")
"""


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """With a process for jobs, which tells people what happened."""
    with new_installation().served(jobs=True) as installation:
        yield installation


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    """Bob, who talks to people whose inboxes hold nothing of other journeys."""
    names = ("dora", "erin", "finn", "gwen", "hugo", "iris", "jack", "kim", "lara", "mona", "nora")
    return gather(live_server_process, "bob", *names)


def bell(page: Page) -> Locator:
    return page.get_by_role("button", name=re.compile(r"^Inbox"))


def expect_count(page: Page, number: int) -> None:
    expect(bell(page)).to_have_accessible_name(f"Inbox {number}" if number else "Inbox")


def inbox_of(stage: Stage, person: str, path: str = "/inbox/") -> Page:
    return stage.enter(person, path).page


def row(page: Page, words: str) -> Locator:
    return page.locator("#inbox").get_by_role("listitem").filter(has_text=words)


def mention(stage: Stage, person: str, *rooms: str) -> None:
    """Have Bob mention somebody once in each of these rooms, which are new."""
    for room in rooms:
        path = stage.room(room, "bob", person)
        bob = stage.enter("bob", path)
        bob.say(f"@{person} have a look").expect_said("have a look")
        bob.page.close()


def test_a_mention_rings_and_a_click_opens_the_message(stage: Stage):
    path = stage.room("launch", "bob", "dora")
    elsewhere = stage.room("dora-alone", "dora")
    dora, bob = stage.enter("dora", elsewhere), stage.enter("bob", path)
    beside = dora.tab("/rooms/")
    in_settings = dora.page.context.new_page()
    expect_count(dora.page, 0)

    bob.say("@dora the build is green")

    for tab in (dora, beside):
        expect_count(tab.page, 1)
    in_settings.goto("/settings/notifications/")
    expect(in_settings.get_by_role("link", name="Inbox 1")).to_be_visible()
    bell(dora.page).click()
    latest = dora.dialog.get_by_role("link", name=re.compile("^Bob mentioned you in launch."))
    expect(latest).to_be_visible()
    expect_nothing(dora.page)
    latest.click()
    dora.expect_room("launch")
    expect(dora.message("the build is green")).to_be_visible()
    # Read on one tab is read on the others.
    for tab in (dora, beside):
        expect_count(tab.page, 0)


def test_the_inbox_is_worked_through_by_keyboard(stage: Stage):
    mention(stage, "finn", "first-room", "second-room", "third-room")
    page = inbox_of(stage, "finn")
    expect(page.get_by_role("heading", level=2)).to_have_text(
        [re.compile("third-room"), re.compile("second-room"), re.compile("first-room")]
    )
    keys = page.keyboard

    keys.press("j")
    keys.press("j")
    expect(row(page, "second-room").get_by_role("link")).to_be_focused()
    keys.press("u")
    expect(page).to_have_title(re.compile(r"^\(2\)"))
    keys.press("u")
    expect(page).to_have_title(re.compile(r"^\(3\)"))

    # Archived: the next one has the focus. And back.
    keys.press("e")
    expect(row(page, "second-room")).to_have_count(0)
    expect(row(page, "first-room").get_by_role("link")).to_be_focused()
    keys.press("z")
    expect(row(page, "second-room")).to_be_visible()

    keys.press("k")
    expect(row(page, "second-room").get_by_role("link")).to_be_focused()
    keys.press("m")
    expect(page.get_by_role("status").filter(has_text="second-room is muted")).to_be_visible()
    keys.press("#")
    expect(row(page, "second-room")).to_have_count(0)
    keys.press("k")
    keys.press("Enter")
    ChatPage(page).expect_room("third-room")


def toasts(page: Page) -> Locator:
    return page.locator(".toasts").get_by_role("link")


def test_what_comes_in_is_shown_in_passing_but_not_what_is_before_ones_eyes(stage: Stage):
    path = stage.room("passing", "bob", "lara")
    lara = stage.enter("lara", stage.room("lara-alone", "lara"))
    bob = stage.enter("bob", path)
    icon = lara.page.locator("link[rel=icon]")
    expect(icon).to_have_attribute("href", re.compile(r"favicon\."))

    bob.say("@lara first").expect_said("first")
    expect(toasts(lara.page)).to_have_text(["Bob mentioned you in passing."])
    expect(icon).to_have_attribute("href", re.compile("favicon-unread"))
    expect_nothing(lara.page)
    lara.page.set_viewport_size({"width": 1440, "height": 900})
    toasts(lara.page).click()
    lara.expect_room("passing")
    expect(toasts(lara.page)).to_have_count(0)
    expect(icon).to_have_attribute("href", re.compile(r"favicon\."))

    # The room is open now: it rings, and that is enough.
    bob.say("@lara second").expect_said("second")
    expect_count(lara.page, 1)
    expect(toasts(lara.page)).to_have_count(0)
    bob.page.close()


def test_at_most_three_are_shown_and_each_is_put_away_or_turned_off(stage: Stage):
    rooms = [stage.room(f"three-{number}", "bob", "mona") for number in range(4)]
    mona = stage.enter("mona", "/rooms/")
    bob = stage.enter("bob", rooms[0])
    for tab in [bob.tab(path) for path in rooms]:
        tab.say("@mona hello").expect_said("hello")
    expect(toasts(mona.page)).to_have_text([re.compile(f"three-{number}") for number in (1, 2, 3)])
    toasts(mona.page).first.hover()
    mona.page.get_by_role("button", name="Dismiss").first.click()
    expect(toasts(mona.page)).to_have_count(2)

    page = mona.tab("/rooms/").page
    page.goto("/settings/notifications/")
    page.get_by_role("checkbox", name=re.compile("^Show for a moment")).uncheck()
    page.goto("/rooms/")
    expect_count(page, 4)
    bob.say("@mona again").expect_said("again")
    expect_count(page, 5)
    expect(toasts(page)).to_have_count(0)
    bob.page.close()


def test_a_mention_is_replied_to_where_it_stands_by_keyboard(stage: Stage):
    path = stage.room("answers", "bob", "jack")
    bob = stage.enter("bob", path)
    bob.say("@jack are you there?").expect_said("are you there?")
    page = inbox_of(stage, "jack")
    expect(row(page, "answers")).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("r")
    field = page.get_by_role("textbox", name="Reply in answers")
    expect(field).to_be_focused()
    expect(field).to_have_value("@bob ")
    expect_nothing(page)
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    row(page, "answers").get_by_role("button", name="Reply").click()
    field.press_sequentially("I am.")
    field.press("Enter")

    expect(page.get_by_role("status").filter(has_text="Sent to answers")).to_be_visible()
    expect(field).to_have_count(0)
    expect(page).to_have_title(re.compile(r"^Inbox"))
    expect(bob.message("I am.")).to_be_visible()
    bob.page.close()


def test_a_reply_from_the_bell_says_so_when_it_is_too_late(stage: Stage):
    path = stage.room("closing", "bob", "kim")
    bob = stage.enter("bob", path)
    bob.say("@kim last orders").expect_said("last orders")
    kim = stage.enter("kim", stage.room("kim-alone", "kim"))
    expect_count(kim.page, 1)
    bell(kim.page).click()
    kim.dialog.get_by_role("button", name="Reply").click()
    field = kim.page.get_by_role("textbox", name="Reply in closing")
    expect(field).to_be_focused()
    expect_nothing(kim.page)
    run(stage.troupe.installation, ARCHIVE.format(room=int(path.split("/")[2])))

    field.press("Enter")

    expect(kim.dialog.get_by_role("status")).to_contain_text("This room is archived")
    expect(field).to_have_value("@bob ")
    bob.page.close()


def test_many_are_put_away_at_once_and_found_where_they_were_put(stage: Stage):
    mention(stage, "gwen", "one", "two")
    page, other = inbox_of(stage, "gwen"), inbox_of(stage, "gwen")
    page.get_by_label("Select all").check()
    expect_nothing(page)

    page.get_by_role("button", name="Archive", exact=True).first.click()

    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.get_by_role("link", name="Archived").click()
    expect(row(page, "mentioned you in one")).to_be_visible()
    expect_nothing(page)
    row(page, "mentioned you in one").get_by_role("button", name="Move to the inbox").click()
    expect(row(other, "mentioned you in one")).to_be_visible()

    # Snoozed on the other tab, it waits there.
    row(other, "mentioned you in one").hover()
    row(other, "mentioned you in one").get_by_role("button", name="Snooze").click()
    expect_nothing(other)
    other.get_by_role("button", name="Tomorrow morning").click()
    expect(other.get_by_role("heading", name="Nothing here")).to_be_visible()
    page.goto("/inbox/?view=snoozed")
    expect(row(page, "mentioned you in one")).to_contain_text("until")
    other.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Nothing is snoozed")).to_be_visible()
    row(other, "mentioned you in one").hover()
    row(other, "mentioned you in one").get_by_role("button", name="Snooze").click()
    next_year = str(timezone.localdate().year + 1)
    other.get_by_label("Or at").fill(f"{next_year}-01-02T07:30")
    other.get_by_role("dialog").get_by_role("button", name="Snooze").click()
    expect(row(page, "mentioned you in one")).to_contain_text(next_year)
    expect(row(page, "mentioned you in one")).to_contain_text("7:30")


def test_the_inbox_on_a_phone(stage: Stage):
    mention(stage, "hugo", "a-room-with-a-name-that-is-rather-long")
    page = stage.visit("hugo", viewport=PHONE).page
    page.goto("/inbox/")
    expect(row(page, "mentioned you")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect_nothing(page)


def test_the_inbox_is_in_german_too(stage: Stage):
    mention(stage, "iris", "deutsch")
    page = stage.visit("iris", locale="de-DE").page
    page.goto("/inbox/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Eingang")
    expect(row(page, "hat dich in deutsch erwähnt")).to_be_visible()
    expect(page.get_by_role("button", name="Alle als gelesen markieren")).to_be_visible()


def test_what_is_announced_rings_everywhere_and_is_all_read_at_once(stage: Stage):
    erin = stage.enter("erin", stage.room("erin-alone", "erin"))
    page = inbox_of(stage, "erin")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect_nothing(page)

    run(stage.troupe.installation, ANNOUNCE.format(title="Maintenance", text="Tonight at ten."))

    expect_count(erin.page, 1)
    expect(row(page, "Maintenance")).to_contain_text("Tonight at ten.")
    expect(page).to_have_title(re.compile(r"^\(1\) Inbox · "))
    page.get_by_role("button", name="Mark all as read").click()
    expect(page).to_have_title(re.compile("^Inbox · "))
    expect_count(erin.page, 0)
    page.get_by_role("button", name="Undo").click()
    expect_count(erin.page, 1)


def test_who_is_invited_to_an_open_room_joins_from_the_inbox(stage: Stage):
    path = stage.room("ajar", "bob")
    bob, nora = stage.enter("bob", path), inbox_of(stage, "nora")
    bob.say("@nora should see this")
    said = bob.message("should see this")

    said.get_by_role("button", name="Invite").click()
    expect(bob.page.get_by_text("1 person invited")).to_be_visible()
    expect(said.get_by_role("button", name="Invite")).to_have_count(0)
    row(nora, "Bob invited you to ajar.").get_by_role("button", name="Join").click()

    expect(row(nora, "Bob invited you to ajar.")).to_have_count(0)
    ChatPage(nora).open(path).expect_said("should see this")
