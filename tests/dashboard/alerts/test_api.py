"""What programs do with alerts, by a token."""

from typing import Any

import pytest
from django.test import Client

from chat.models import Room
from dashboard.alerts.bands import bands
from dashboard.models.alerts import Alert, Silence
from realtime_project.accounts.models import User
from realtime_project.accounts.services import make_token
from tests.dashboard.alerts.watching import Watch, make_rule, states, told

pytestmark = pytest.mark.django_db(transaction=True)


def program_of(person: User, *scopes: str) -> Client:
    _token, secret = make_token(by=person, name="pager", scopes=scopes or ("alerts",))
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_program_lists_the_alerts_that_its_owner_may_see(
    alice: User, mallory: User, releases: Room
) -> None:
    make_rule(room=releases, severity="critical")
    Watch().sees(0.9)

    [alert] = program_of(alice).get("/api/v1/alerts").json()["alerts"]
    assert alert["name"] == "Loop lag (web@0)"
    assert (alert["state"], alert["severity"]) == ("firing", "critical")
    assert (alert["value"], alert["labels"]) == (0.9, {"worker": "web@0"})
    assert program_of(alice).get("/api/v1/alerts?state=resolved").json() == {"alerts": []}
    assert program_of(alice).get("/api/v1/alerts?state=broken").status_code == 400
    assert program_of(mallory).get("/api/v1/alerts").json() == {"alerts": []}
    assert program_of(alice, "read").get("/api/v1/alerts").status_code == 403
    assert Client().get("/api/v1/alerts").status_code == 401


def test_a_program_acknowledges_as_its_owner(alice: User, mallory: User, releases: Room) -> None:
    make_rule(room=releases)
    Watch().sees(0.9)
    address = f"/api/v1/alerts/{Alert.objects.get().pk}/acknowledge"

    assert program_of(mallory).post(address).status_code == 404
    assert program_of(alice).get(address).status_code == 405
    answer = program_of(alice).post(address)
    assert (answer.status_code, answer.json()["acknowledged_by"]) == (200, "alice")
    assert states() == ["acknowledged"]
    assert "Acknowledged by Alice" in releases.messages.get().text


def test_a_program_of_who_runs_the_place_silences(alice: User, olga: User, releases: Room) -> None:
    rule = make_rule(room=releases)
    Watch().sees(0.9)
    address = f"/api/v1/alerts/{Alert.objects.get().pk}/silence"
    asked: dict[str, Any] = {"data": {"minutes": 30}, "content_type": "application/json"}

    assert program_of(alice).post(address, **asked).status_code == 403
    assert program_of(olga).post(address, **asked).status_code == 201
    made = Silence.objects.get()
    assert (made.rule, made.labels) == (rule, {"worker": "web@0"})
    assert (made.ends - made.begins).total_seconds() == 1800


@pytest.mark.parametrize("body", ["[]", '{"minutes": 0}', '{"forever": true}', "\xff"])
def test_what_a_program_asks_for_wrongly_is_refused(olga: User, body: str) -> None:
    make_rule()
    Watch().sees(0.9)
    address = f"/api/v1/alerts/{Alert.objects.get().pk}/silence"
    answer = program_of(olga).generic("POST", address, body.encode("latin1"))

    assert answer.status_code == 400
    assert not Silence.objects.exists()


def test_boards_show_from_when_to_when_an_alert_fired(olga: User) -> None:
    make_rule(severity="critical")
    watch = Watch().sees(0.9, 0.9, 0.1, 0.8)
    first, second = bands(watch.at - 100, watch.at + 100, olga)

    assert (first["title"], first["kind"], first["level"]) == (
        "Loop lag (web@0)",
        "alert",
        "critical",
    )
    assert first["until"] - first["at"] == 20
    assert second["until"] is None
    assert [*bands(watch.at - 5, watch.at + 100, olga)] == [second]
    assert told() == ["firing", "resolved", "firing"]


def test_boards_show_everybody_the_alerts_of_their_rooms(
    alice: User, mallory: User, releases: Room
) -> None:
    make_rule(room=releases)
    watch = Watch().sees(0.9)

    assert len([*bands(watch.at - 100, watch.at + 100, alice)]) == 1
    assert not [*bands(watch.at - 100, watch.at + 100, mallory)]
