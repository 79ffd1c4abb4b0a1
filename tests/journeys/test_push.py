"""Notifications while no page is open: asked for by a press, shown by the service worker, and the
click opens the message. The push service is a real one of the tests; what it brings Chromium is
handed to the service worker as Chromium's own would do it."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.conftest import NewInstallation
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.device import SETTINGS, Device
from tests.journeys.stage import Stage, Troupe, gather
from tests.servers.chromium import launch_chromium
from tests.servers.installation import Installation
from tests.servers.push_service import PushService, serve_push
from tests.servers.requirements import required


@pytest.fixture(scope="module")
def push_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[PushService, str]]:
    with serve_push(tmp_path_factory.mktemp("push")) as (service, certificate):
        yield service, str(certificate)


@pytest.fixture(scope="module")
def live_server_process(
    new_installation: NewInstallation, push_service: tuple[PushService, str]
) -> Iterator[Installation]:
    """With its jobs process, which sends; and which trusts this push service."""
    service, certificate = push_service
    installation = new_installation()
    installation.settings = {"PUSH_HOSTS": service.host, "SSL_CERT_FILE": certificate}
    # Nobody reads by themselves in these: who does is told of in tests/chat/test_notifying.py.
    installation.settings["READER_SECONDS"] = "3"
    with installation.served(jobs=True):
        yield installation


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    return gather(live_server_process, "alice", "bob", "mallory")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """With windows that nobody sees: the shell shows no notifications."""
    with required(), launch_chromium(shows_notifications=True) as browser:
        yield browser


@pytest.fixture
def service(push_service: tuple[PushService, str]) -> PushService:
    return push_service[0]


def test_nobody_is_asked_before_they_press_and_a_test_goes_the_whole_way(
    stage: Stage, service: PushService
):
    alice = Device(stage, service, "alice")
    alice.context.add_init_script(
        """const ask = Notification.requestPermission.bind(Notification);
        Notification.requestPermission = () => { window.wasAsked = true; return ask(); };"""
    )
    for path in ("/", "/inbox/", SETTINGS):
        alice.page.goto(path)
        alice.page.wait_for_load_state("networkidle")
        assert alice.page.evaluate("window.wasAsked") is None
    expect_nothing(alice.page)

    alice.turn_on()
    expect_nothing(alice.page)
    alice.page.get_by_role("button", name="Send me a test").click()
    expect(alice.page.get_by_text("On its way …")).to_be_visible()
    pushed = alice.bring()

    assert pushed.payload["test"] is True
    expect(alice.page.get_by_text(re.compile("^It has arrived"))).to_be_visible()
    [shown] = alice.shown(1)
    assert shown["body"] == "This is how notifications reach you here."


def test_a_mention_arrives_with_the_tab_closed_and_a_click_opens_the_message(
    stage: Stage, service: PushService
):
    path = stage.room("push-closed", "bob", "alice")
    alice, bob = Device(stage, service, "alice"), stage.enter("bob", path)
    alice.turn_on()
    alice.page.close()

    bob.say("@alice, the release is out")
    alice.bring()

    [shown] = alice.shown(1)
    assert shown["title"] == "push-closed"
    assert "Bob" in shown["body"]
    opened = alice.click()
    assert opened.startswith(f"{alice.url}{path}@")
    page = alice.context.new_page()
    page.goto(opened)
    expect(page.get_by_role("log").get_by_text("@alice, the release is out")).to_be_visible()


def test_a_click_leads_a_chat_page_that_is_open(stage: Stage, service: PushService):
    here, elsewhere = (stage.room(name, "bob", "alice") for name in ("push-here", "push-there"))
    alice, bob = Device(stage, service, "alice"), stage.enter("bob", here)
    alice.turn_on()
    alice.page.goto(elsewhere)
    bob.say("@alice, over here")
    alice.bring()

    assert alice.click() == ""

    expect(alice.page).to_have_url(re.compile(f"{here}@"))
    expect(alice.page.get_by_role("log").get_by_text("@alice, over here")).to_be_visible()


def test_what_is_read_elsewhere_goes_from_the_screen(stage: Stage, service: PushService):
    path = stage.room("push-read", "bob", "alice")
    alice, bob = Device(stage, service, "alice"), stage.enter("bob", path)
    alice.turn_on()
    bob.say("@alice, look at this")
    alice.bring()
    alice.shown(1)

    laptop = stage.visit("alice").page
    laptop.goto("/inbox/")
    laptop.get_by_role("button", name="Mark all as read").click()
    alice.bring(closing=True)

    alice.shown(0)


def test_a_page_that_is_open_clears_the_screen_by_itself(stage: Stage, service: PushService):
    path = stage.room("push-open", "mallory", "alice")
    alice = Device(stage, service, "alice")
    alice.turn_on()
    alice.deliver(json.dumps({"title": "push-open", "tag": "n0", "url": path}))
    alice.shown(1)
    mallory = stage.enter("mallory", path)
    alice.page.goto(path)
    mallory.say("@alice, are you there?")
    bell = alice.page.get_by_role("button", name="Inbox")
    expect(bell).to_have_text(re.compile("1"))

    bell.click()
    alice.page.get_by_role("button", name="Mark all as read").click()

    alice.shown(0)


def test_what_cannot_be_read_is_shown_all_the_same(stage: Stage, service: PushService):
    alice = Device(stage, service, "alice")
    alice.turn_on()
    alice.page.close()

    alice.deliver("not what we send")

    [shown] = alice.shown(1)
    assert shown["url"] == "/inbox/"


def test_a_click_leads_nowhere_but_here(stage: Stage, service: PushService):
    alice = Device(stage, service, "alice")
    alice.turn_on()
    alice.page.close()

    alice.deliver(json.dumps({"title": "x", "tag": "y", "url": "https://example.org/"}))

    alice.shown(1)
    assert alice.click() == f"{alice.url}/inbox/"


def test_signing_out_leaves_nothing_on_the_screen_and_reaches_nobody(
    stage: Stage, service: PushService
):
    path = stage.room("push-gone", "bob", "alice")
    alice, bob = Device(stage, service, "alice"), stage.enter("bob", path)
    alice.turn_on()
    bob.say("@alice, a secret")
    alice.bring()

    alice.page.get_by_role("button", name=re.compile("account menu")).click()
    alice.page.get_by_role("button", name="Sign out").click()
    expect(alice.page).to_have_url(re.compile("/accounts/login/"))

    alice.shown(0)
    assert alice.page.evaluate("localStorage.getItem('push')") is None
    assert alice.page.evaluate("localStorage.getItem('subscribed')") is None


def test_other_browsers_are_listed_and_removed(stage: Stage, service: PushService):
    Device(stage, service, "mallory").turn_on()
    phone = Device(stage, service, "mallory", viewport=PHONE)
    phone.turn_on()
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    expect_nothing(phone.page)
    browsers = phone.page.get_by_role("list", name="Browsers in which you are reached")
    expect(browsers.get_by_role("listitem")).to_have_count(2)

    other = browsers.get_by_role("listitem").filter(has_not_text="This browser")
    other.get_by_role("button", name=re.compile("^Remove")).click()

    expect(phone.page.get_by_text("No notifications go there any more.")).to_be_visible()
    expect(browsers.get_by_role("listitem")).to_have_count(1)
    phone.page.get_by_role("button", name="Turn off in this browser").click()
    expect(phone.page.get_by_role("button", name="Turn on in this browser")).to_be_visible()
    expect(browsers).to_have_count(0)


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X)"
BROWSERS = {
    "^You have told": "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })",
    "^This browser cannot": "delete window.PushManager",
    "^On iPhone and iPad": "delete window.PushManager; "
    f"Object.defineProperty(navigator, 'userAgent', {{ get: () => '{IPHONE}' }})",
    "^Browsers allow": "Object.defineProperty(window, 'isSecureContext', { get: () => false })",
}


@pytest.mark.parametrize("words", BROWSERS)
def test_who_cannot_turn_it_on_is_told_why_and_how(stage: Stage, words: str):
    page = stage.visit("bob", viewport=PHONE).page
    page.add_init_script(BROWSERS[words])

    page.goto(SETTINGS)

    expect(page.get_by_text(re.compile(words))).to_be_visible()
    expect(page.get_by_role("button", name="Turn on in this browser")).to_be_hidden()
    expect_nothing(page)


def test_the_inbox_offers_it_once(stage: Stage):
    page = stage.visit("bob").page
    page.add_init_script(
        "Object.defineProperty(Notification, 'permission', { get: () => 'default' })"
    )
    page.goto("/inbox/")
    offer = page.get_by_text("You can be told of this while no page is open.")
    expect(offer).to_be_visible()
    expect_nothing(page)

    page.get_by_role("button", name="Not now").click()
    expect(offer).to_be_hidden()
    page.reload()

    page.wait_for_load_state("networkidle")
    expect(offer).to_be_hidden()


def test_quiet_hours_hold_back_all_but_who_may_break_through(stage: Stage, service: PushService):
    path = stage.room("push-quiet", "alice", "bob", "mallory")
    mallory = Device(stage, service, "mallory")
    mallory.turn_on()
    today = datetime.now(UTC)
    for day in (today, today + timedelta(days=1)):
        quiet = mallory.page.get_by_role("group", name=f"{day:%A}")
        quiet.get_by_role("checkbox").check()
        for label in ("begins at", "ends at"):
            quiet.get_by_label(label).fill("00:00")
    mallory.page.get_by_label("These people may break through").fill("@bob")
    mallory.page.get_by_role("button", name="Save").click()
    expect(mallory.page.get_by_text("Your notification settings are saved.")).to_be_visible()

    stage.enter("alice", path).say("@mallory, are you awake?")
    mallory.page.goto("/inbox/")
    expect(mallory.page.get_by_text("Alice mentioned you in push-quiet.")).to_be_visible()
    mallory.page.close()
    stage.enter("bob", path).say("@mallory, the cellar is under water")
    mallory.bring()

    [shown] = mallory.shown(1)
    assert "Bob" in shown["body"]
