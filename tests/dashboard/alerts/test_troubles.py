"""What rules do not see or tell is said in words, where people look at alerts."""

import time

import pytest
from django.test import Client

from chat.models import Room
from dashboard.alerts import rounds, services
from dashboard.alerts.measured import Measured
from dashboard.models.alerts import Alert, Round, Rule
from realtime_project.accounts.models import User
from tests.dashboard.alerts.watching import Watch, make_rule, measure, series

pytestmark = pytest.mark.django_db(transaction=True)

NOW = "/boards/alerts/"
RULES = "/boards/alerts/rules/"
LEFT_OUT = "2 more alerts are left out"


def page(person: User, address: str = NOW) -> str:
    client = Client()
    client.force_login(person)
    return str(client.get(address).text)


def too_many(watch: Watch, *values: float) -> None:
    for worker, value in zip("abcd", values, strict=True):
        measure(watch.at + 5, value, series(worker=worker))
    watch.sees(None)


def test_how_many_alerts_are_left_out_stands_on_every_page_of_the_rule_until_it_is_over(
    olga: User, alice: User, mallory: User, releases: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST_ALERTS", 2)
    rule = make_rule(room=releases)
    watch = Watch()

    too_many(watch, 0.6, 0.7, 0.8, 0.9)
    for address in (NOW, RULES, f"{RULES}{rule.pk}/"):
        assert LEFT_OUT in page(olga, address)
    assert LEFT_OUT in page(alice)
    assert LEFT_OUT not in page(mallory)

    too_many(watch, 0.1, 0.1, 0.8, 0.9)
    assert LEFT_OUT not in page(olga)


def test_a_rule_that_cannot_be_understood_says_so_and_the_others_go_on(olga: User) -> None:
    broken = make_rule(name="Broken", query={"nonsense": 1})
    make_rule()
    watch = Watch().sees(0.9)

    assert Alert.objects.get().rule.name == "Loop lag"
    assert "It cannot be understood, and nothing is watched by it" in page(olga)
    assert "nonsense" in page(olga)

    broken.query = {"metric": "lag"}
    services.save_rule(by=olga, rule=broken)
    assert "cannot be understood" not in page(olga)
    watch.sees(0.9)
    assert "cannot be understood" not in page(olga)


def test_a_rule_whose_reading_fails_keeps_its_alerts_and_does_not_keep_others_from_theirs(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = make_rule(name="Failing")
    watch = Watch().sees(0.9)
    make_rule()
    seen = Measured.seen

    def fails_for_one(self, rule, at):
        if rule.pk == failing.pk:
            raise OverflowError
        return seen(self, rule, at)

    with monkeypatch.context() as broken:
        broken.setattr(Measured, "seen", fails_for_one)
        watch.sees(0.9)
        on = Alert.objects.on()
        assert {alert.rule.name for alert in on.select_related("rule")} == {"Failing", "Loop lag"}
        assert "What it sees could not be read" in page(olga)

    watch.sees(0.9)
    assert "What it sees could not be read" not in page(olga)


def test_what_could_not_be_told_says_so_until_it_is(
    olga: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_rule()
    watch = Watch()

    def fails(*_facts: object) -> bool:
        raise OverflowError

    with monkeypatch.context() as broken:
        broken.setattr(rounds, "tell", fails)
        watch.sees(0.9)
    assert "What became of its alerts could not be told" in page(olga)
    assert not Alert.objects.on().exists()

    watch.sees(0.9)
    assert "could not be told" not in page(olga)
    assert Alert.objects.on().exists()


def test_that_nobody_looks_is_said_in_place_of_that_all_is_well(olga: User) -> None:
    assert "All is well" in page(olga)

    rule = make_rule()
    assert "Nobody has looked at the rules yet." in page(olga)
    Round.objects.create(pk=1, until=int(time.time()) - 7_500)
    assert "They were looked at last 2\xa0hours ago" in page(olga)
    assert "All is well" not in page(olga)
    assert "Nobody looks at the rules" in page(olga, RULES)

    Round.objects.update(until=int(time.time()))
    assert "All is well" in page(olga)
    Round.objects.update(until=0)
    Rule.objects.filter(pk=rule.pk).update(is_on=False)
    assert "All is well" in page(olga)
