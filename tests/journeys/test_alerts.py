"""An alert fires into a room, is acknowledged there and resolves; rules are made in the browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.conftest import NewInstallation
from tests.journeys.axe import PHONE, expect_nothing
from tests.journeys.page import ChatPage
from tests.journeys.stage import Stage, Troupe, gather, run
from tests.servers.installation import Installation

# A step of ten seconds, what settles, and a machine that has other things to do.
SECONDS = 60_000

RUN_BY_OLGA = """
from realtime_project.accounts.models import User
User.objects.filter(username="olga").update(is_staff=True)
print("true")
"""
RULE = """
from dashboard.alerts.services import save_rule
from dashboard.models.alerts import Rule
from realtime_project.accounts.models import User
rule = Rule(
    name="Queue", severity="{severity}", room_id={room}, window=10, threshold=100, keep=0,
    query={{"metric": "queue_{room}", "fn": "min"}}, about="Look at the *jobs* first.",
)
save_rule(by=User.objects.get(username="olga"), rule=rule)
print(rule.pk)
"""
BROKEN = """
from dashboard.models.alerts import Rule
print(Rule.objects.create(name="Broken", query={"nonsense": 1}).pk)
"""
GONE = """
from dashboard.models.alerts import Rule
Rule.objects.filter(pk={rule}).delete()
print("true")
"""
MEASURE = """
import time
from dashboard.storage.points import single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store
key = key_of("queue_{room}", {{}})
[pk] = series_for([Described(key, "gauge", "")]).values()
now = int(time.time())
values = [(at, {value} + at % 7) for at in range(now - {ago}, now + {ahead}, 5)]
store([Report("test", [(at, pk, single(value, at)) for at, value in values])])
print("true")
"""

RISE = MEASURE.replace("{value}", "250").replace("{ago}", "0").replace("{ahead}", "600")


@pytest.fixture(scope="module")
def live_server_process(new_installation: NewInstallation) -> Iterator[Installation]:
    """With a process for jobs, which looks at rules."""
    with new_installation().served(jobs=True) as installation:
        yield installation


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    troupe = gather(live_server_process, "alice", "bob", "olga")
    run(live_server_process, RUN_BY_OLGA)
    return troupe


def watched(stage: Stage, name: str, *people: str, severity: str = "warning") -> str:
    """A room in which a rule speaks, and its path."""
    path = stage.room(name, *people)
    run(stage.troupe.installation, RULE.format(room=number(path), severity=severity))
    return path


def measure(stage: Stage, path: str, value: int, *, ago: int, ahead: int = 600) -> None:
    """Measure a queue every five seconds, from so long ago on and for so long."""
    script = MEASURE.format(room=number(path), value=value, ago=ago, ahead=ahead)
    run(stage.troupe.installation, script)


def number(path: str) -> str:
    return path.strip("/").rpartition("/")[2]


def card(page: ChatPage) -> Locator:
    return page.log.locator("message-card")


def test_an_alert_fires_into_a_room_is_acknowledged_there_and_resolves(stage: Stage):
    path = watched(stage, "operations", "alice", "bob")
    alice, bob = stage.enter("alice", path), stage.enter("bob", path)
    measure(stage, path, 20, ago=3600, ahead=0)
    expect(card(alice)).to_have_count(0)

    run(stage.troupe.installation, RISE.format(room=number(path)))
    expect(card(bob)).to_contain_text("Warning: firing", timeout=SECONDS)
    expect(card(bob)).to_contain_text("limit above 100")
    expect(card(bob)).to_contain_text("Look at the *jobs* first.")
    expect(card(bob).get_by_role("img", name="The last hour")).to_be_visible()
    expect(alice.log.get_by_text("Alerts", exact=True)).to_be_visible()
    expect_nothing(bob.page)

    card(alice).get_by_role("button", name="Acknowledge").click()
    expect(card(bob)).to_contain_text("Acknowledged by Alice")
    expect(card(bob).get_by_role("button")).to_have_count(0)
    expect(card(alice).get_by_role("button")).to_have_count(0)

    measure(stage, path, 20, ago=30)
    expect(card(bob)).to_contain_text("Resolved after", timeout=SECONDS)
    expect(card(bob)).to_have_count(1)
    expect(bob.log.get_by_text("(edited)")).to_have_count(0)
    # Whoever comes later sees the same, and where it leads to.
    later = stage.enter("bob", path, viewport=PHONE)
    card(later).get_by_role("link", name="Queue").click()
    expect(later.page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(later.page.get_by_text("acknowledged")).to_be_visible()


def test_a_critical_one_reaches_the_inbox_with_its_button(stage: Stage):
    path = watched(stage, "pager", "alice", "bob", severity="critical")
    alice = stage.enter("alice", "/inbox/")
    run(stage.troupe.installation, RISE.format(room=number(path)))

    row = alice.page.locator("#inbox").get_by_role("listitem").filter(has_text="Alert: Queue")
    expect(row).to_be_visible(timeout=SECONDS)
    row.get_by_role("button", name="Acknowledge").click()
    bob = stage.enter("bob", path)
    expect(card(bob)).to_contain_text("Acknowledged by Alice")

    measure(stage, path, 20, ago=30)
    expect(alice.page.get_by_text(re.compile("Queue is resolved after"))).to_be_visible(
        timeout=SECONDS
    )
    expect(row).to_have_count(0)


def test_a_rule_is_tried_and_made_in_the_browser(stage: Stage):
    path = stage.room("rules", "olga")
    measure(stage, path, 20, ago=3600)
    page = stage.visit("olga").page
    page.goto("/boards/alerts/")
    page.get_by_role("link", name="Rules", exact=True).click()
    page.get_by_role("link", name="New rule").click()
    expect(page.get_by_label("Job")).to_be_hidden()
    page.get_by_label("Name").fill("Busy")
    page.get_by_label("Metric").fill(f"queue_{number(path)}")
    page.get_by_label("Threshold").fill("10")
    page.get_by_label("Room").select_option("rules")
    page.get_by_role("button", name="Try it").click()

    trial = page.get_by_role("region", name="What it would say")
    expect(trial).to_contain_text("Within the last hour it would have fired once.")
    expect(trial.get_by_role("img", name="The last hour")).to_be_visible()
    expect_nothing(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The rule is saved.")).to_be_visible()
    expect(page.get_by_role("link", name="Busy")).to_be_visible()

    # It comes into the list by itself, where it can be acknowledged too.
    page.get_by_role("link", name="Alerts", exact=True).click()
    button = page.get_by_role("button", name="Acknowledge Busy")
    expect(button).to_be_visible(timeout=SECONDS)
    expect_nothing(page)
    button.click()
    expect(page.get_by_text("acknowledged").first).to_be_visible()


def test_pages_of_alerts_move_by_themselves_and_what_has_the_focus_keeps_it(stage: Stage):
    path = watched(stage, "list", "alice", "bob")
    now, history = stage.visit("alice").page, stage.visit("alice").page
    now.goto("/boards/alerts/")
    history.goto("/boards/alerts/history/")
    measure(stage, path, 20, ago=3600, ahead=0)

    run(stage.troupe.installation, RISE.format(room=number(path)))
    button = now.get_by_role("button", name="Acknowledge Queue")
    expect(button).to_be_visible(timeout=SECONDS)
    fired = history.get_by_role("listitem").filter(has_text="firing")
    expect(fired).not_to_have_count(0, timeout=SECONDS)
    button.focus()
    bob = stage.enter("bob", path)
    card(bob).get_by_role("button", name="Acknowledge").click()

    expect(now.get_by_role("main")).to_contain_text("Bob looks after it", timeout=SECONDS)
    expect(now.get_by_role("button", name="Acknowledge Queue")).to_have_count(0)
    events = history.get_by_role("listitem").filter(has_text="Bob")
    expect(events.filter(has_text="acknowledged")).not_to_have_count(0, timeout=SECONDS)


def test_a_rule_that_does_not_do_what_it_should_says_so_by_itself(stage: Stage):
    page = stage.visit("olga").page
    page.goto("/boards/alerts/")
    expect(page.locator("html[data-connection=live]")).to_have_count(1)
    rule = run(stage.troupe.installation, BROKEN)

    region = page.get_by_role("region", name="Rules that do not see all")
    expect(region).to_contain_text("It cannot be understood", timeout=SECONDS)
    expect_nothing(page)
    region.get_by_role("link", name="Broken").click()
    expect(page.get_by_text("It cannot be understood")).to_be_visible()
    expect_nothing(page)
    run(stage.troupe.installation, GONE.format(rule=rule))


@pytest.mark.parametrize("path", ["", "history/", "rules/", "rules/new/", "silences/"])
def test_nothing_is_wrong_with_a_page_of_alerts(stage: Stage, path: str):
    page = stage.visit("olga").page
    page.goto(f"/boards/alerts/{path}")
    expect_nothing(page)
