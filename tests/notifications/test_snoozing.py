"""Until when something waits: by the wall where the person lives, over changes of its clock."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from notifications import services
from notifications.models import Notification
from notifications.notices import Notice
from notifications.services import notify
from notifications.snoozing import Later, comes_up, on_the_wall

BERLIN = ZoneInfo("Europe/Berlin")


def wall(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def woken() -> datetime:
    """When the only notification comes up again."""
    until = Notification.objects.get().snoozed_until
    assert until is not None
    return until


@pytest.mark.parametrize(
    ("later", "now", "then"),
    [
        (Later.HOUR, "2026-11-23T10:20", "2026-11-23T11:20"),
        (Later.EVENING, "2026-11-23T10:20", "2026-11-23T18:00"),
        (Later.EVENING, "2026-11-23T18:00", "2026-11-24T18:00"),
        (Later.MORNING, "2026-11-23T10:20", "2026-11-24T08:00"),
        (Later.MORNING, "2026-11-24T02:00", "2026-11-24T08:00"),
        (Later.WEEK, "2026-11-22T23:59", "2026-11-23T08:00"),
        (Later.WEEK, "2026-11-23T00:00", "2026-11-30T08:00"),
        (Later.WEEK, "2026-12-29T12:00", "2027-01-04T08:00"),
    ],
)
def test_later_is_a_time_of_the_wall(later, now, then):
    assert comes_up(later, BERLIN, wall(now)) == wall(then)


@pytest.mark.parametrize(
    ("later", "now", "hours"),
    [
        # The clock goes forward on 29 March 2026 at two, and back on 25 October at three.
        (Later.MORNING, "2026-03-28T20:00", 11),
        (Later.MORNING, "2026-10-24T20:00", 13),
        (Later.EVENING, "2026-03-28T18:00", 23),
        (Later.WEEK, "2026-10-19T08:00", 7 * 24 + 1),
        (Later.HOUR, "2026-03-29T01:30", 1),
        (Later.HOUR, "2026-10-25T02:30", 1),
    ],
)
def test_a_changed_clock_makes_nights_shorter_and_longer_but_no_hour(later, now, hours):
    begins = wall(now).astimezone(UTC)

    assert comes_up(later, BERLIN, begins) - begins == timedelta(hours=hours)


def test_a_time_that_the_wall_never_shows_is_when_its_clock_jumps():
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)

    assert on_the_wall(datetime.fromisoformat("2026-03-29T02:30"), BERLIN) == jump


def test_a_time_that_the_wall_shows_twice_is_the_first_one():
    shown = on_the_wall(datetime.fromisoformat("2026-10-25T02:30"), BERLIN)

    assert shown == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])
def test_it_is_the_wall_of_the_account(alice, zone):
    alice.time_zone = zone
    alice.save()
    notify(Notice(person=alice.pk, kind="accounts.sign_in", params={"agent": "Firefox"}))
    told = list(Notification.objects.values_list("pk", flat=True))

    services.snooze(person=alice.pk, notifications=told, later=Later.MORNING)
    assert f"{woken().astimezone(ZoneInfo(zone)):%H:%M}" == "08:00"

    next_year = timezone.now().astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    next_year += timedelta(days=300)
    services.snooze(person=alice.pk, notifications=told, wall=next_year)
    assert woken() == on_the_wall(next_year, ZoneInfo(zone))


@pytest.mark.django_db
def test_it_must_be_said_until_when(alice):
    services.open_inboxes([alice.pk])

    with pytest.raises(ValidationError):
        services.snooze(person=alice.pk, notifications=[])
