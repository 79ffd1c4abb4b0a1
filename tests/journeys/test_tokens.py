"""A token's life: made on one's own page, used by a program, taken back."""

import json
import subprocess
from http.client import HTTPConnection
from typing import Any

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage


def open_tokens(page: Page) -> None:
    page.goto("/settings/tokens/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokens")


def tell(stage: Stage, secret: str, target: str, **said: Any) -> int:
    """What a program does, without a browser."""
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    connection = HTTPConnection("127.0.0.1", stage.troupe.installation.port, timeout=60)
    connection.request("POST", f"/api/v1/notify/{target}", json.dumps(said), headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_program_gets_a_token_uses_it_and_loses_it(stage: Stage):
    path = stage.room("deploys", "alice", "bob")
    bob = stage.enter("bob", path)
    bob.expect_live()
    alice = stage.visit("alice").page
    open_tokens(alice)
    expect(alice.get_by_role("heading", name="No program has a token")).to_be_visible()
    expect_nothing(alice)

    alice.get_by_label("What is it for?").fill("deploy script")
    alice.get_by_role("checkbox", name="Notify people").check()
    alice.get_by_role("checkbox", name="Read what I can see").check()
    alice.get_by_label("Expires").select_option("after a month")
    alice.get_by_role("button", name="Make a token").click()
    expect(alice.get_by_role("heading", name="Your token is ready")).to_be_visible()
    secret = alice.get_by_role("textbox", name="Token", exact=True).input_value()
    expect_nothing(alice)

    assert tell(stage, secret, "room/deploys", title="1.2 is out", text="bob 1") == 201
    said = bob.message("1.2 is out")
    expect(said).to_contain_text("Alice")
    expect(said.get_by_title("Sent by a program")).to_have_text("API")
    expect_nothing(bob.page)

    read_what_came(stage, bob, secret)

    url = f"{stage.troupe.installation.url}/live/events?topic=inbox"
    command = ["curl", "-sSN", "--max-time", "30", "-H", f"Authorization: Bearer {secret}", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdout is not None
        assert any('"re":0' in line for line in reader.stdout)
        alice.goto("/settings/tokens/")
        row = alice.get_by_role("listitem").filter(has_text="deploy script")
        expect(row).to_contain_text("used")
        alice.set_viewport_size(PHONE)
        row.get_by_role("button", name="Revoke deploy script").click()
        expect(alice.get_by_text("“deploy script” is revoked.")).to_be_visible()
        assert '"code":4401' in reader.stdout.read()
    assert tell(stage, secret, "room/deploys", text="too late") == 401
    expect(bob.log.get_by_text("too late")).to_have_count(0)


def read_what_came(stage: Stage, bob: ChatPage, secret: str) -> None:
    said = {"title": "web1", "text": "The disk is nearly full.", "tags": ["warning"]}
    assert tell(stage, secret, "person/bob", **said, click="/rooms/") == 201
    stage.troupe.installation.manage("jobs", "--run", "notifications.tell")
    bob.page.goto("/inbox/")
    link = bob.page.get_by_role("link", name="⚠️ web1")
    expect(link).to_contain_text("The disk is nearly full.")
    expect_nothing(bob.page)
    link.click()
    expect(bob.page.get_by_role("heading", level=1)).to_have_text("Rooms")


def test_german_and_a_phone(stage: Stage):
    bob = stage.visit("bob", locale="de-DE", viewport=PHONE).page
    bob.goto("/settings/tokens/")
    bob.get_by_label("Passwort").fill(PASSWORD)
    bob.keyboard.press("Enter")

    expect(bob.get_by_role("heading", name="Kein Programm hat ein Token")).to_be_visible()
    bob.get_by_role("button", name="Token erstellen").click()
    expect(bob.get_by_label("Wofür ist es?")).to_be_focused()
