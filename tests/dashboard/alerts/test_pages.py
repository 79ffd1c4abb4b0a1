"""The pages of alerts: who sees what, and who says what is watched."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from chat.models import Membership, Room
from dashboard.models.alerts import Alert, Rule, Silence
from realtime_project.accounts.models import User
from tests.cast import make_room
from tests.dashboard.alerts.watching import Watch, make_rule, measure, states, told

pytestmark = pytest.mark.django_db(transaction=True)


def as_(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def filled(**fields: Any) -> dict[str, Any]:
    """What the form of a rule sends."""
    told = {
        "name": "Lag",
        "watch": "threshold",
        "metric": "lag",
        "fn": "max",
        "by": "worker",
        "window": 10,
        "side": "above",
        "threshold": "0.5",
        "clear": "",
        "missing": "keep",
        "after": 0,
        "keep": 0,
        "repeat": 0,
        "severity": "warning",
        "is_on": "on",
        "q": "99",
    }
    return told | fields


def test_what_a_rule_says_of_itself_is_shown_as_the_room_shows_it(
    alice: User, releases: Room
) -> None:
    make_rule(room=releases, about="Ask *Bob* first. <script>alert()</script>")
    Watch().sees(0.9)

    page = as_(alice).get(f"/boards/alerts/{Alert.objects.get().pk}/").text

    assert "Ask <em>Bob</em> first." in page
    assert "<script>alert()" not in page


def test_who_is_in_the_room_sees_its_alerts_and_nobody_else(
    alice: User, mallory: User, olga: User, releases: Room
) -> None:
    make_rule(room=releases)
    Watch().sees(0.9)
    alert = Alert.objects.get()

    for person, sees in ((alice, True), (olga, True), (mallory, False)):
        assert ("Loop lag (web@0)" in as_(person).get("/boards/alerts/").text) is sees
        assert ("Loop lag (web@0)" in as_(person).get("/boards/alerts/history/").text) is sees
        status = as_(person).get(f"/boards/alerts/{alert.pk}/").status_code
        assert status == (200 if sees else 404)


def test_alice_acknowledges_an_alert_and_it_says_so_in_its_room(
    alice: User, bob: User, mallory: User, releases: Room
) -> None:
    make_rule(room=releases)
    Watch().sees(0.9)
    address = f"/boards/alerts/{Alert.objects.get().pk}/acknowledge"

    def presses(person: User) -> int:
        return as_(person).post(address, "{}", content_type="application/json").status_code

    assert presses(mallory) == 404
    assert presses(alice) == 200
    assert presses(alice) == 200
    assert presses(bob) == 409
    assert told() == ["firing", "acknowledged"]
    assert "Acknowledged by Alice" in releases.messages.get().text
    assert Alert.objects.get().acknowledged_by == alice


def test_what_is_over_cannot_be_acknowledged(alice: User, releases: Room) -> None:
    make_rule(room=releases)
    Watch().sees(0.9, 0.1)
    address = f"/boards/alerts/{Alert.objects.get().pk}/acknowledge"

    assert as_(alice).post(address, "{}", content_type="application/json").status_code == 409
    assert told() == ["firing", "resolved"]


def test_nobody_but_those_who_run_the_place_says_what_is_watched(alice: User, olga: User) -> None:
    rule = make_rule()
    for address in ("rules/", "rules/new/", f"rules/{rule.pk}/", "silences/"):
        assert as_(alice).get(f"/boards/alerts/{address}").status_code == 403
        assert as_(olga).get(f"/boards/alerts/{address}").status_code == 200
    assert as_(alice).post(f"/boards/alerts/rules/{rule.pk}/delete/").status_code == 403
    assert as_(alice).post("/boards/alerts/rules/new/", filled()).status_code == 403
    assert Rule.objects.count() == 1


def test_a_rule_that_is_made_in_the_browser_watches(olga: User, releases: Room) -> None:
    answer = as_(olga).post("/boards/alerts/rules/new/", filled(room=releases.pk))
    assert answer.status_code == 302
    Watch().sees(0.9)

    rule = Rule.objects.get()
    assert rule.query == {"metric": "lag", "by": ["worker"], "fn": "max"}
    assert rule.created_by == olga
    assert told() == ["firing"]
    assert releases.messages.get().author.is_bot


def test_the_bot_comes_into_a_private_room_by_who_is_there(olga: User, alice: User) -> None:
    mine = make_room(olga, name="secret", is_private=True)
    others = make_room(alice, name="others", is_private=True)

    refused = as_(olga).post("/boards/alerts/rules/new/", filled(room=others.pk))
    assert refused.status_code == 200
    assert not Rule.objects.exists()
    assert as_(olga).post("/boards/alerts/rules/new/", filled(room=mine.pk)).status_code == 302
    assert Membership.objects.active().filter(room=mine, person__is_bot=True).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"metric": ""},
        {"clear": "0.6"},
        {"by": "not a label"},
        {"watch": "log", "regex": "("},
        {"after": 10**9},
        {"only": "worker"},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_in_words(olga: User, wrong: dict[str, Any]) -> None:
    answer = as_(olga).post("/boards/alerts/rules/new/", filled(**wrong))

    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not Rule.objects.exists()


def test_a_rule_is_tried_before_it_is_saved(olga: User) -> None:
    now = int(timezone.now().timestamp())
    for ago in range(600, 0, -10):
        measure(now - ago, 0.9 if 300 <= ago < 360 else 0.1)

    answer = as_(olga).post("/boards/alerts/rules/new/", filled(**{"try": "yes"}))
    assert "Within the last hour it would have fired once." in answer.text
    assert "web@0" in answer.text
    assert "<path" in answer.text
    assert not Rule.objects.exists()

    calm = as_(olga).post("/boards/alerts/rules/new/", filled(threshold="5", **{"try": "yes"}))
    assert "it would have fired 0 times" in calm.text


def test_a_rule_that_watches_something_else_takes_back_what_it_said(
    olga: User, releases: Room
) -> None:
    rule = make_rule(room=releases)
    Watch().sees(0.9)
    as_(olga).post(f"/boards/alerts/rules/{rule.pk}/", filled(metric="other", room=releases.pk))

    assert told() == ["firing", "resolved"]
    assert states() == ["resolved"]


def test_a_rule_that_is_deleted_leaves_no_alert_in_its_room(olga: User, releases: Room) -> None:
    rule = make_rule(room=releases)
    Watch().sees(0.9)
    as_(olga).post(f"/boards/alerts/rules/{rule.pk}/delete/")

    assert not Rule.objects.exists()
    assert "Resolved" in releases.messages.get().text


def test_what_is_silenced_is_looked_at_and_said_to_nobody(olga: User, releases: Room) -> None:
    rule = make_rule(room=releases)
    watch = Watch()
    silence = Silence.objects.create(
        rule=rule,
        labels={"worker": "web*"},
        begins=timezone.now() - timedelta(days=1) * 10_000,
        ends=timezone.now() + timedelta(days=1) * 10_000,
    )
    watch.sees(0.9)
    assert (states(), told()) == (["silenced"], ["silenced"])
    assert not releases.messages.exists()

    silence.delete()
    watch.sees(0.9)
    assert told() == ["silenced", "unsilenced"]
    assert "firing" in releases.messages.get().text


def test_a_maintenance_window_is_made_with_its_zone(olga: User) -> None:
    fields = {
        "labels": "",
        "begins": "2026-11-01T00:00",
        "ends": "2027-11-01T00:00",
        "days": ["5", "6"],
        "opens": "02:00",
        "closes": "04:00",
        "zone": "Europe/Berlin",
    }
    assert as_(olga).post("/boards/alerts/silences/", fields).status_code == 302
    made = Silence.objects.get()
    assert (made.weekdays, made.zone, made.created_by) == ("56", "Europe/Berlin", olga)

    as_(olga).post(f"/boards/alerts/silences/{made.pk}/end/")
    made.refresh_from_db()
    assert made.ends <= timezone.now() or made.ends <= made.begins


@pytest.mark.parametrize(
    "wrong",
    [{"days": ["1"]}, {"ends": "2026-10-01T00:00"}, {"labels": "worker"}, {"opens": "02:00"}],
)
def test_half_a_maintenance_window_is_none(olga: User, wrong: dict[str, Any]) -> None:
    fields = {"begins": "2026-11-01T00:00", "ends": "2027-11-01T00:00", "zone": "UTC"} | wrong

    assert "errorlist" in as_(olga).post("/boards/alerts/silences/", fields).text
    assert not Silence.objects.exists()
