"""Silences, and maintenance windows by the clock on a wall."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dashboard.alerts.silencing import Quiet
from notifications.quiet_hours import Schedule, Window

BERLIN = ZoneInfo("Europe/Berlin")
YEAR = (datetime(2026, 1, 1, tzinfo=UTC).timestamp(), datetime(2027, 1, 1, tzinfo=UTC).timestamp())
SUNDAY_NIGHT = Schedule((*(None,) * 6, Window(time(2), time(4))))


def at(*when: int, zone: ZoneInfo | None = None) -> float:
    return datetime(*when, tzinfo=zone or UTC).timestamp()  # type: ignore[misc, arg-type]


def test_a_silence_holds_until_its_end_and_not_a_second_longer() -> None:
    silence = Quiet(100, 200)

    assert [silence.holds_at(now) for now in (99, 100, 199, 200)] == [False, True, True, False]


def test_it_means_a_rule_and_labels_like_these() -> None:
    silence = Quiet(0, 1, rule=7, labels={"worker": "web*", "team": "chat"})

    assert silence.is_about(7, {"worker": "web@1", "team": "chat", "more": "x"})
    assert not silence.is_about(8, {"worker": "web@1", "team": "chat"})
    assert not silence.is_about(7, {"worker": "jobs", "team": "chat"})
    assert not silence.is_about(7, {"worker": "web@1"})
    assert Quiet(0, 1).is_about(8, {})


def test_a_maintenance_window_comes_by_the_clock_on_the_wall() -> None:
    window = Quiet(*YEAR, schedule=SUNDAY_NIGHT, zone=BERLIN)

    # In January Berlin is an hour ahead, in July two.
    assert window.holds_at(at(2026, 1, 11, 1, 30))
    assert window.holds_at(at(2026, 7, 12, 0, 30))
    assert not window.holds_at(at(2026, 7, 12, 2, 30))
    assert not window.holds_at(at(2026, 7, 13, 0, 30))


def test_it_lasts_where_a_clock_is_changed_in_its_middle() -> None:
    window = Quiet(*YEAR, schedule=SUNDAY_NIGHT, zone=BERLIN)

    # On 25 October the hour from 2 to 3 comes twice: three hours of maintenance, none of them loud.
    night = [at(2026, 10, 25, 0) + minutes * 60 for minutes in range(0, 180, 10)]
    assert all(window.holds_at(now) for now in night)
    # On 29 March it never comes: the window begins with the jump.
    assert window.holds_at(at(2026, 3, 29, 1, 0))
    assert not window.holds_at(at(2026, 3, 29, 0, 59))


def test_its_year_ends_too() -> None:
    window = Quiet(*YEAR, schedule=SUNDAY_NIGHT, zone=BERLIN)

    assert not window.holds_at(at(2027, 1, 3, 1, 30))
