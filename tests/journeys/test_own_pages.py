"""People's own pages: coming in by a link, a profile, a second step, signing out there."""

import re
import time
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from PIL import Image
from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import LOGIN, ChatPage, sign_in
from tests.journeys.stage import Stage, Troupe, gather, run
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation
from tests.wire import client

NAMES = ("alice", "bob", "carol", "dave", "erin", "frank")
CROWN = """
from realtime_project.accounts.models import Session, User
User.objects.filter(username="alice").update(
    is_owner=True, is_staff=True, is_superuser=True, display_name="אליס Kim")
rows = dict(Session.objects.values_list("session_key", "pk"))
import json; print(json.dumps(rows))
"""


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    """Alice is the owner here. Each of the others has a journey of their own."""
    troupe = gather(live_server_process, *NAMES)
    run(live_server_process, CROWN)
    return troupe


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def press(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_newcomer_comes_in_by_a_link_that_leaves_no_trace(stage: Stage):
    alice = stage.visit("alice").page
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    alice.goto("/people/invite/")
    expect(alice.get_by_role("heading", name="Nobody is invited yet")).to_be_visible()
    expect_nothing(alice)

    # By keyboard alone.
    alice.get_by_label("Who is it for?").focus()
    alice.keyboard.type("הצוות")
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("heading", name="Your link is ready")).to_be_visible()
    alice.get_by_role("button", name="Copy").focus()
    alice.keyboard.press("Enter")
    expect(alice.get_by_role("button", name="Copied")).to_be_focused()
    link = alice.evaluate("navigator.clipboard.readText()")
    assert link == alice.get_by_role("textbox", name="Link").input_value()
    expect_nothing(alice)

    newcomer = stage.visitors()
    asked: list[str] = []
    newcomer.on("request", lambda request: asked.append(request.url + str(request.headers)))
    newcomer.goto(link)
    heading(newcomer, "Join Signalbox")
    expect(newcomer).to_have_url(re.compile("/accounts/signup/$"))
    expect_nothing(newcomer)
    for label, text in (("Your name", "Zoe"), ("Username", "zoe"), ("Email", "zoe@example.org")):
        newcomer.get_by_label(label).fill(text)
    newcomer.get_by_label("Password").fill(PASSWORD)
    press(newcomer, "Make an account")
    ChatPage(newcomer).expect_room("general").expect_live()
    assert not [one for one in asked if link.partition("#")[2] in one]
    assert link.partition("#")[2] not in stage.troupe.installation.log.read_text()

    late = stage.visitors()
    late.goto(link)
    heading(late, "This invitation is used up")
    expect_nothing(late)
    # In the same tab, as somebody does who pastes another one.
    late.goto("/join/#guessed")
    heading(late, "This invitation is not known")

    alice.goto("/people/invite/")
    expect(alice.get_by_role("listitem").filter(has_text="הצוות")).to_contain_text("used up")


def png(color: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (900, 600), color).save(out, "PNG")
    return out.getvalue()


def test_a_profile_shows_at_once_what_is_chosen_and_keeps_what_is_saved(stage: Stage):
    bob = stage.visit("bob", timezone_id="Europe/Vienna").page
    bob.goto("/settings/profile/")
    expect_nothing(bob)

    html, zone = bob.locator("html"), bob.get_by_label("Time zone")
    theme = bob.get_by_role("group", name="Theme")
    theme.get_by_role("radio", name="Dark").check(force=True)
    expect(html).to_have_attribute("data-theme", "dark")
    press(bob, "Take that")
    expect(zone).to_have_value("Europe/Vienna")
    # Colours are chosen with the arrows, as any radio buttons are.
    bob.get_by_role("radio", name="Blue").focus()
    bob.keyboard.press("ArrowRight")
    expect(bob.get_by_role("radio", name="Teal")).to_be_checked()
    bob.get_by_label("Your name").fill("Bob Novák")
    bob.get_by_label("Picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": png("teal")}
    )
    press(bob, "Save")

    expect(bob.get_by_text("Your profile is saved.")).to_be_visible()
    expect(html).to_have_attribute("data-theme", "dark")
    expect(zone).to_have_value("Europe/Vienna")
    picture = bob.get_by_role("main").locator(".avatar img")
    expect(picture).to_have_js_property("naturalWidth", 256)
    expect_nothing(bob)

    bob.get_by_label("Picture", exact=True).set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": b"no picture"}
    )
    press(bob, "Save")
    expect(bob.get_by_text("This is not a picture that can be read.")).to_be_visible()
    expect_nothing(bob)

    # The rail shows it too, on a page that is loaded after it.
    chat = ChatPage(bob).open("/")
    expect(bob.get_by_role("button", name="Bob Novák: account menu").locator("img")).to_be_visible()
    chat.expect_live()


def test_where_no_mail_goes_out_an_address_is_changed_by_those_who_run_the_place(stage: Stage):
    bob = stage.visit("bob").page
    bob.goto("/accounts/2fa/")
    bob.get_by_role("link", name="Change address").click()
    heading(bob, "E-mail address")
    expect(bob.get_by_role("listitem").filter(has_text="@alice")).to_be_visible()
    expect_nothing(bob)

    alice = stage.visit("alice").page
    alice.goto("/settings/email/")
    expect_nothing(alice)
    alice.get_by_role("link", name="Open it there").click()
    expect(alice.get_by_label("E-mail address")).to_have_value("alice@example.org")


def test_signing_out_there_closes_the_page_there(stage: Stage):
    there = stage.enter("carol", stage.room("elsewhere", "carol"))
    here = stage.visit("carol", viewport=PHONE).page
    here.goto("/settings/sessions/")
    expect_nothing(here)

    row = here.get_by_role("listitem").filter(has_text="used").filter(has_text="Chrome on Linux")
    row.get_by_role("button", name="Sign out Chrome on Linux").first.click()

    expect(here.get_by_text("Chrome on Linux is signed out.")).to_be_visible()
    expect(there.page).to_have_url(LOGIN)

    press(here, "Sign out everywhere else")
    expect(here.get_by_text("You are signed in nowhere else.")).to_be_visible()
    expect_nothing(here)


def test_the_sockets_of_a_session_that_was_ended_elsewhere_are_closed(troupe: Troupe):
    server = troupe.installation
    here, there, far = (troupe.sessions["frank"].pop() for _ in range(3))
    troupe.sessions["frank"].insert(0, here)  # whose forms are sent below
    number = run(server, CROWN)[there]

    with (
        client(server, here) as mine,
        client(server, there) as ended,
        client(server, far) as kept,
    ):
        troupe.post("frank", f"/settings/sessions/{number}/end/")
        assert ended.close_code() == 4401
        for one in (mine, kept):
            assert one.ask(do="unsubscribe", topics=["nothing"])["ok"] == {}

        troupe.post("frank", "/settings/sessions/end-others/")
        assert kept.close_code() == 4401
        assert mine.ask(do="unsubscribe", topics=["nothing"])["ok"] == {}


def code(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def test_a_second_step_by_an_app_and_by_a_recovery_code(stage: Stage):
    dave = stage.visit("dave").page
    dave.goto("/accounts/2fa/")
    expect_nothing(dave)
    dave.get_by_role("link", name="Set up an authenticator app").click()
    heading(dave, "Is it you?")
    expect_nothing(dave)
    dave.get_by_label("Password").fill(PASSWORD)
    dave.keyboard.press("Enter")
    heading(dave, "Set up an authenticator app")
    expect_nothing(dave)
    secret = dave.get_by_label("Secret").input_value()
    dave.get_by_label("Authenticator code").fill(code(secret, -1))
    dave.keyboard.press("Enter")

    heading(dave, "Recovery codes")
    expect_nothing(dave)
    codes = dave.get_by_role("list", name="Unused codes").get_by_role("listitem").all_inner_texts()
    assert len(set(codes)) == 10
    dave.get_by_role("link", name="Done").click()
    expect(dave.get_by_role("link", name="Turn off the authenticator app")).to_be_visible()
    expect_nothing(dave)

    for entered in (code(secret), codes[0]):
        page = stage.visitors()
        page.goto("/accounts/login/")
        sign_in(page, "dave", PASSWORD)
        heading(page, "One more step")
        page.get_by_label("Code").fill("000000")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Incorrect code.")).to_be_visible()
        page.get_by_label("Code").fill(entered)
        page.keyboard.press("Enter")
        ChatPage(page).expect_live()
    step = stage.visitors()
    step.goto("/accounts/login/")
    sign_in(step, "dave", PASSWORD)
    heading(step, "One more step")
    expect(step.get_by_role("button", name="Use a passkey")).to_have_count(0)
    expect_nothing(step)


def give_authenticator(page: Page) -> None:
    """Let the browser hold passkeys, as a phone does that knows its owner's finger."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_without_a_password(stage: Stage, visitors: Visitors):
    # Passkeys belong to names, not to addresses of numbers.
    visitors.base_url = visitors.base_url.replace("127.0.0.1", "localhost")
    erin = stage.visit("erin").page
    give_authenticator(erin)
    erin.goto("/accounts/2fa/webauthn/add/")
    erin.get_by_label("Password").fill(PASSWORD)
    press(erin, "Go on")
    heading(erin, "Add a passkey")
    expect_nothing(erin)
    erin.get_by_label("Name").fill("Telefon של ארין")
    press(erin, "Add passkey")
    heading(erin, "Recovery codes")

    erin.goto("/accounts/2fa/webauthn/")
    expect(erin.get_by_role("listitem")).to_contain_text("not used yet")
    expect_nothing(erin)
    ChatPage(erin).open("/").sign_out()
    expect(erin).to_have_url(LOGIN)
    expect_nothing(erin)
    press(erin, "Sign in with a passkey")
    ChatPage(erin).expect_live()

    # After a password it is the second step, and it shows who one is.
    ChatPage(erin).sign_out()
    sign_in(erin, "erin", PASSWORD)
    heading(erin, "One more step")
    press(erin, "Use a passkey")
    ChatPage(erin).expect_live()
    erin.goto("/accounts/2fa/webauthn/")
    erin.get_by_role("link", name=re.compile("^Remove ")).click()
    heading(erin, "Is it you?")
    erin.get_by_role("link", name=re.compile("security key|passkey", re.IGNORECASE)).click()
    expect_nothing(erin)
    press(erin, "Use a passkey")
    expect(erin.get_by_role("heading", level=1)).to_have_text(re.compile("^Remove “Telefon"))
    expect_nothing(erin)
    press(erin, "Remove")
    heading(erin, "Passkeys")
    expect(erin.get_by_role("listitem")).to_have_count(0)


def test_who_has_no_passkey_is_told_so_and_may_go_another_way(stage: Stage, visitors: Visitors):
    numbers = stage.visitors()
    numbers.goto("/accounts/login/")
    expect(numbers.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(numbers.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()

    visitors.base_url = visitors.base_url.replace("127.0.0.1", "localhost")
    page = stage.visitors()
    give_authenticator(page)
    page.goto("/accounts/login/")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used")
    expect_nothing(page)
