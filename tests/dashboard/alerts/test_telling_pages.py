"""Pages that are open hear that something has become of alerts, and not of which."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.models import Room
from dashboard.alerts import services
from dashboard.models.alerts import Alert, Alerts
from realtime_project.accounts.models import User
from realtime_project.live.database import in_database
from tests.dashboard.alerts.watching import Watch, make_rule
from tests.sockets import connected

pytestmark = pytest.mark.django_db(transaction=True)


async def test_who_looks_hears_of_what_fires_and_what_people_do(alice: User, releases: Room):
    def fires() -> None:
        make_rule(room=releases)
        Watch().sees(0.9)

    def is_acknowledged() -> None:
        services.acknowledge(person=alice, alert=Alert.objects.get().pk)

    async with connected(alice) as hers:
        await hers.subscribe(alerts=0)
        await in_database(fires)
        first = await hers.hears(topic="alerts", rows=[])
        await in_database(is_acknowledged)
        assert (await hers.hears(topic="alerts", **{"from": first["rev"]}))["rows"] == []


async def test_who_was_away_hears_it_when_they_are_back(alice: User, releases: Room):
    def fires() -> None:
        make_rule(room=releases)
        Watch().sees(0.9)

    await in_database(fires)
    async with connected(alice) as hers:
        await hers.subscribe(alerts=0)
        assert (await hers.hears(topic="alerts"))["rev"] > 0


def test_while_all_is_well_nobody_hears_anything(releases: Room):
    make_rule(room=releases)
    Watch().sees(0.1, 0.2, 0.1)
    assert Alerts.current().rev == 0


def test_a_rule_that_is_deleted_takes_its_alerts_from_the_pages(olga: User, releases: Room):
    rule = make_rule(room=releases)
    Watch().sees(0.9)
    before = Alerts.current().rev
    services.delete_rule(by=olga, rule=rule.pk)
    assert Alerts.current().rev > before


def test_a_silence_is_seen_where_it_holds(olga: User, releases: Room):
    make_rule(room=releases)
    watch = Watch().sees(0.9)
    before = Alerts.current().rev
    now = timezone.now()
    services.silence(by=olga, begins=now - timedelta(days=9000), ends=now + timedelta(days=9000))
    watch.sees(0.9)
    assert Alerts.current().rev > before
