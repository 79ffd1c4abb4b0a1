"""Whose browser asks for German reads German: pages, scripts, and what the socket refuses."""

from playwright.sync_api import expect

from tests.journeys.stage import Stage


def test_a_german_browser_sees_german(stage: Stage):
    path = stage.room("Besprechung", "alice", "bob")
    stage.room("Belegt", "bob")
    alice, bob = stage.visit("alice", locale="de-DE"), stage.enter("bob", path)
    page = alice.page
    page.goto(path)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator("html")).to_have_attribute("data-connection", "live")

    expect(page.get_by_role("button", name="2 Mitglieder · 2 hier")).to_be_visible()
    composer = page.get_by_role("textbox", name="Nachricht an #Besprechung")
    composer.fill("alice 1")
    composer.press("Enter")
    bob.expect_said("alice 1")
    bob.say("bob 1")
    expect(page.get_by_text("Heute")).to_be_visible()
    expect(page.get_by_role("log", name="Nachrichten in #Besprechung")).to_be_visible()

    page.get_by_role("button", name="Raummenü").click()
    page.get_by_role("button", name="Raumdetails").click()
    dialog = page.get_by_role("dialog", name="Raumdetails")
    dialog.get_by_label("Name").fill("belegt")
    dialog.get_by_role("button", name="Speichern").click()
    expect(dialog.get_by_text("Es gibt schon einen öffentlichen Raum")).to_be_visible()
    page.keyboard.press("Escape")

    page.goto("/rooms/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Räume")
    expect(page.get_by_text("2 Mitglieder").first).to_be_visible()
    page.goto("/connection/")
    expect(page.get_by_text("Nichts ist im Weg.")).to_be_visible()


def test_a_browser_whose_language_is_not_there_sees_english(stage: Stage):
    page = stage.visitors(locale="fr-FR")
    page.goto("/accounts/login/")

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to Signalbox")
