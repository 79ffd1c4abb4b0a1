"""Who signs out is out everywhere, and leaves nothing to the next one at the same browser."""

from playwright.sync_api import expect

from tests.cast import PASSWORD
from tests.journeys.page import LOGIN, ChatPage, sign_in
from tests.journeys.stage import Stage, gather
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation
from tests.servers.proxy import Proxy


def test_signing_in_leads_back_to_where_one_was_going(stage: Stage):
    path = stage.room("destination", "alice")
    page = stage.visitors()
    page.goto(path)
    expect(page).to_have_url(LOGIN)

    sign_in(page, "alice", "not her password")
    expect(page.get_by_role("alert")).to_be_visible()
    sign_in(page, "alice", PASSWORD)

    ChatPage(page).expect_room("destination").expect_live()


def test_signing_out_in_one_tab_closes_the_other(stage: Stage):
    path = stage.room("two windows", "alice", "bob")
    alice, other = stage.enter("alice", path), stage.enter("bob", path)
    second = alice.tab(path)

    alice.sign_out()

    expect(second.page).to_have_url(LOGIN)
    expect(alice.page).to_have_url(LOGIN)
    other.say("still here")
    other.expect_said("still here")

    sign_in(second.page, "alice", PASSWORD)
    second.expect_room("two windows").expect_live()
    expect(second.message("still here")).to_be_visible()


def test_signing_out_asks_before_it_discards_what_was_not_sent(stage: Stage, proxy: Proxy):
    path = stage.room("unsent", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path, base_url=proxy.url)
    proxy.cut()
    bob.say("bob 1")
    expect(bob.waiting).to_have_count(1)

    bob.sign_out()
    expect(bob.dialog).to_contain_text("1 unsent message is kept in this browser.")
    bob.answer("Stay signed in")
    expect(bob.waiting).to_have_count(1)
    bob.sign_out()
    bob.dialog.get_by_role("button", name="Discard and sign out").click()
    expect(bob.page).to_have_url(LOGIN)

    proxy.mend()
    sign_in(bob.page, "bob", PASSWORD)
    bob.open(path).say("bob 2")
    alice.expect_said("bob 2")


def test_another_person_at_the_same_browser_never_meets_what_was_not_sent(
    stage: Stage, proxy: Proxy
):
    path = stage.room("shared desk", "alice", "bob", "mallory")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path, base_url=proxy.url)
    proxy.cut()
    bob.say("bob 1")
    bob.composer.fill("bob 2")
    expect(bob.waiting).to_have_count(1)

    # Not signed out: the session ended, as it does after two weeks.
    bob.page.context.clear_cookies()
    proxy.mend()
    mallory = bob
    # The page goes there by itself as soon as it hears; meanwhile it could not be sent elsewhere.
    expect(mallory.page).to_have_url(LOGIN)
    mallory.page.goto(path)
    sign_in(mallory.page, "mallory", PASSWORD)
    mallory.expect_room("shared desk").expect_live().say("mallory 1")
    alice.expect_said("mallory 1")
    for one in (alice, mallory):
        expect(one.message("bob 1")).to_have_count(0)
    expect(mallory.composer).to_have_value("")

    mallory.sign_out()
    expect(mallory.page).to_have_url(LOGIN)
    mallory.page.goto(path)
    sign_in(mallory.page, "bob", PASSWORD)
    alice.expect_said("mallory 1", "bob 1")


def test_a_changed_password_signs_out_every_other_browser(
    live_server_process: Installation, visitors: Visitors
):
    stage = Stage(gather(live_server_process, "carol"), visitors)
    here, there = stage.enter("carol"), stage.enter("carol")
    new = f"{PASSWORD} again"

    here.page.get_by_role("button", name="account menu").click()
    here.page.get_by_role("link", name="Settings").click()
    here.page.get_by_role("link", name="Security").click()
    here.page.get_by_role("link", name="Change password").click()
    here.page.get_by_label("Current password").fill(PASSWORD)
    here.page.get_by_label("New password", exact=False).nth(0).fill(new)
    here.page.get_by_label("New password", exact=False).nth(1).fill(new)
    here.page.get_by_role("button", name="Change password").click()

    expect(there.page).to_have_url(LOGIN)
    sign_in(there.page, "carol", new)
    there.expect_live()
    here.open("/")
