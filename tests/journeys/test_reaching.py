"""What reaches people: their settings, a room's own, why something did or did not, and what their
pages say of what they look at."""

import json
import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, Troupe, gather
from tests.servers.installation import Installation

SETTINGS = "/settings/notifications/"
SECONDS = 60

SIGHTS = """
import json
from realtime_project.accounts.models import User
from realtime_project.live.seeing import sights_of
person = User.objects.get(username="{name}").pk
print(json.dumps([[one.place, one.rev] for one in sights_of([person])[person]]))
"""


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    return gather(live_server_process, "alice", "bob", "mallory")


def test_preferences_are_chosen_by_keyboard_and_kept(stage: Stage):
    page = stage.visit("alice").page
    page.goto(SETTINGS)
    expect_nothing(page)
    added = page.get_by_role("group", name="Somebody adds me to a room")
    expect(added.get_by_label("Inbox")).to_be_checked()
    locked = page.get_by_role("group", name="Announcements to everybody").get_by_label("Inbox")
    expect(locked).to_be_checked()
    expect(locked).to_be_disabled()

    # By keyboard alone: push off, mail at once, Friday nights quiet, a keyword.
    added.get_by_label("Inbox").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("at once")
    friday = page.get_by_role("group", name="Friday")
    friday.get_by_label("Friday").focus()
    page.keyboard.press("Space")
    friday.get_by_label("begins at").fill("21:30")
    page.get_by_label("Keywords").focus()
    page.keyboard.type("deploy")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Your notification settings are saved.")).to_be_visible()
    expect(added.get_by_label("Push")).not_to_be_checked()
    expect(added.get_by_label("E-mail")).to_have_value("instant")
    expect(friday.get_by_label("Friday")).to_be_checked()
    expect(friday.get_by_label("begins at")).to_have_value("21:30")
    expect(page.get_by_label("Keywords")).to_have_value("deploy")
    expect_nothing(page)


def test_what_is_wrong_is_said_on_a_phone_too(stage: Stage):
    page = stage.visit("bob", viewport=PHONE).page
    page.goto(SETTINGS)
    page.get_by_label("These people may break through").fill("@zoe")

    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Nobody is called @zoe here.")).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    expect_nothing(page)


def test_everything_is_muted_with_one_press(stage: Stage):
    page = stage.visit("bob").page
    page.goto(SETTINGS)

    page.get_by_role("button", name="For an hour").click()

    expect(page.get_by_text(re.compile("^Nothing reaches you until"))).to_be_visible()
    expect_nothing(page)
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_role("button", name="For an hour")).to_be_visible()


def test_a_room_has_a_setting_of_its_own_on_all_of_ones_pages(stage: Stage):
    path = stage.room("own-setting", "alice", "bob")
    laptop, phone = stage.enter("alice", path), stage.enter("alice", path, viewport=PHONE)
    for page in (laptop, phone):
        page.choose("Room menu", "Notifications")
        expect(page.dialog.get_by_role("radio", name=re.compile("^Mentions"))).to_be_checked()
    expect_nothing(laptop.page)

    laptop.dialog.get_by_role("radio", name=re.compile("^Nothing")).check()
    laptop.dialog.get_by_role("button", name="Until tomorrow").click()

    expect(laptop.dialog.get_by_role("status")).to_have_text("Saved")
    expect(phone.dialog.get_by_role("radio", name=re.compile("^Nothing"))).to_be_checked()
    expect(phone.dialog.get_by_text(re.compile("^Muted until"))).to_be_visible()
    phone.dialog.get_by_role("button", name="End it now").click()
    expect(laptop.dialog.get_by_role("button", name="Until tomorrow")).to_be_visible()
    expect_nothing(phone.page)


def test_a_message_says_why_it_was_not_told(stage: Stage):
    path = stage.room("reasons", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    bob.say("Nobody in particular")
    message = alice.message("Nobody in particular")
    expect(message).to_be_visible()

    alice.act(message, "Why was I (not) notified?")

    last = alice.dialog.get_by_role("listitem").last
    expect(last).to_have_text("Nothing was told.")
    expect(alice.dialog.get_by_text(re.compile("^Wanted of this room: mentions"))).to_be_visible()
    expect_nothing(alice.page)
    alice.page.keyboard.press("Escape")
    seq = message.get_attribute("data-seq")
    alice.page.goto(f"{path}@{seq}/why")
    expect(alice.page.get_by_role("listitem").filter(has_text="Nothing was told.")).to_be_visible()
    expect_nothing(alice.page)


def test_a_page_before_somebodys_eyes_says_what_it_shows_and_how_far(stage: Stage):
    path = stage.room("looked-at", "bob", "mallory")
    topic = f"room:{path.strip('/').rpartition('/')[2]}"
    bob, mallory = stage.enter("bob", path), stage.enter("mallory", path)
    mallory.say("Do you see this?")
    message = bob.message("Do you see this?")
    expect(message).to_be_visible()
    seq = int(message.get_attribute("data-seq") or 0)

    assert look_for(stage, "bob", topic, seq)
    in_settings = ChatPage(bob.page.context.new_page())
    in_settings.page.goto(SETTINGS)
    assert look_for(stage, "bob", topic, seq)


def look_for(stage: Stage, name: str, topic: str, rev: int) -> bool:
    """Wait until another process knows that somebody has seen a room so far."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        printed = stage.troupe.installation.manage(
            "shell", "--no-imports", "--verbosity=0", "-c", SIGHTS.format(name=name)
        )
        seen = json.loads(printed.splitlines()[-1])
        if any(place == topic and reached >= rev for place, reached in seen):
            return True
    return False
