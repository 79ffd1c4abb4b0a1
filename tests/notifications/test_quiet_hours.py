"""Quiet hours follow the clock on the wall where a person lives, whatever is done to that clock."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notifications.quiet_hours import Schedule, Window, ends_at, is_quiet

A_MINUTE = timedelta(minutes=1)


def window(text: str) -> Window:
    start, _, end = text.partition("-")
    return Window(time.fromisoformat(start), time.fromisoformat(end))


def every_day(text: str) -> Schedule:
    return Schedule((window(text),) * 7)


def on(weekday: int, text: str) -> Schedule:
    return Schedule(tuple(window(text) if day == weekday else None for day in range(7)))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = every_day("22:00-07:00")

# An instant, and the end of the quiet hours around it; without one it is not quiet.
ORDINARY_NIGHTS = [
    ("UTC", "2026-05-12T21:59", None),
    ("UTC", "2026-05-12T22:00", "2026-05-13T07:00"),
    ("UTC", "2026-05-13T06:59", "2026-05-13T07:00"),
    ("UTC", "2026-05-13T07:00", None),
    ("Europe/Vienna", "2026-01-12T21:00", "2026-01-13T06:00"),
    ("Europe/London", "2026-07-12T21:00", "2026-07-13T06:00"),
    ("America/New_York", "2026-01-13T02:59", None),
    ("America/New_York", "2026-01-13T03:00", "2026-01-13T12:00"),
    ("America/Los_Angeles", "2026-07-13T05:00", "2026-07-13T14:00"),
    ("America/Sao_Paulo", "2026-07-13T01:00", "2026-07-13T10:00"),
    ("America/St_Johns", "2026-01-13T01:30", "2026-01-13T10:30"),
    ("Asia/Tokyo", "2026-05-12T13:00", "2026-05-12T22:00"),
    ("Asia/Kolkata", "2026-05-12T16:29", None),
    ("Asia/Kolkata", "2026-05-12T16:30", "2026-05-13T01:30"),
    ("Asia/Kathmandu", "2026-05-12T16:14", None),
    ("Asia/Kathmandu", "2026-05-12T16:15", "2026-05-13T01:15"),
    ("Asia/Tehran", "2026-05-12T18:30", "2026-05-13T03:30"),
    ("Australia/Eucla", "2026-05-12T13:15", "2026-05-12T22:15"),
    ("Pacific/Chatham", "2026-01-12T08:15", "2026-01-12T17:15"),
    ("Pacific/Kiritimati", "2026-05-12T08:00", "2026-05-12T17:00"),
    ("Pacific/Marquesas", "2026-05-12T07:30", "2026-05-12T16:30"),
    ("Pacific/Niue", "2026-05-12T09:00", "2026-05-12T18:00"),
    ("Africa/Nairobi", "2026-05-12T19:00", "2026-05-13T04:00"),
]


@pytest.mark.parametrize(("zone", "now", "end"), ORDINARY_NIGHTS)
def test_a_night_is_quiet_by_the_clock_of_the_place(zone: str, now: str, end: str | None):
    found = ends_at(NIGHT, ZoneInfo(zone), utc(now))

    assert found == (utc(end) if end else None)
    assert is_quiet(NIGHT, ZoneInfo(zone), utc(now)) == (end is not None)


# Zone, quiet hours, an instant, and the end of the quiet hours around it.
CHANGED_CLOCKS = [
    # Forward: 02:00 becomes 03:00 at 01:00 UTC. The night is an hour shorter.
    ("Europe/Vienna", "22:00-07:00", "2026-03-28T21:00", "2026-03-29T05:00"),
    ("Europe/Vienna", "22:00-02:30", "2026-03-29T00:59", "2026-03-29T01:00"),
    ("Europe/Vienna", "22:00-02:30", "2026-03-29T01:00", None),
    ("Europe/Vienna", "02:30-06:00", "2026-03-29T00:59", None),
    ("Europe/Vienna", "02:30-06:00", "2026-03-29T01:00", "2026-03-29T04:00"),
    ("Europe/Vienna", "02:10-02:50", "2026-03-29T01:00", None),
    # Back: 03:00 becomes 02:00 at 01:00 UTC. The night is an hour longer, without a pause.
    ("Europe/Vienna", "22:00-07:00", "2026-10-24T20:00", "2026-10-25T06:00"),
    ("Europe/Vienna", "22:00-02:30", "2026-10-25T00:45", "2026-10-25T01:30"),
    ("Europe/Vienna", "22:00-02:30", "2026-10-25T01:30", None),
    ("Europe/Vienna", "02:30-06:00", "2026-10-25T00:29", None),
    ("Europe/Vienna", "02:30-06:00", "2026-10-25T00:30", "2026-10-25T05:00"),
    ("Europe/Vienna", "02:30-06:00", "2026-10-25T01:10", "2026-10-25T05:00"),
    ("America/New_York", "22:00-02:30", "2026-03-08T06:59", "2026-03-08T07:00"),
    ("America/New_York", "22:00-01:30", "2026-11-01T05:45", "2026-11-01T06:30"),
    # Half an hour forward and back.
    ("Australia/Lord_Howe", "22:00-02:15", "2026-10-03T15:29", "2026-10-03T15:30"),
    ("Australia/Lord_Howe", "22:00-02:15", "2026-10-03T15:30", None),
    ("Australia/Lord_Howe", "22:00-01:45", "2026-04-04T14:50", "2026-04-04T15:15"),
    ("Australia/Lord_Howe", "22:00-01:45", "2026-04-04T15:15", None),
    # 02:45 becomes 03:45, in quarters of an hour.
    ("Pacific/Chatham", "22:00-03:00", "2026-09-26T13:59", "2026-09-26T14:00"),
    ("Pacific/Chatham", "22:00-03:00", "2026-04-04T14:10", "2026-04-04T14:15"),
    # Two hours at once.
    ("Antarctica/Troll", "22:00-02:30", "2026-03-29T00:59", "2026-03-29T01:00"),
    ("Antarctica/Troll", "22:00-02:30", "2026-10-25T00:45", "2026-10-25T02:30"),
    # The clock goes back for Ramadan, by an hour at 03:00.
    ("Africa/Casablanca", "22:00-02:30", "2026-02-15T01:45", "2026-02-15T02:30"),
    ("Africa/Casablanca", "22:00-02:30", "2026-03-22T01:59", "2026-03-22T02:00"),
    # Midnight itself is left out.
    ("America/Santiago", "23:00-00:30", "2026-09-06T03:59", "2026-09-06T04:00"),
    ("Africa/Cairo", "00:00-06:00", "2026-04-23T22:00", "2026-04-24T03:00"),
    ("Asia/Beirut", "00:30-06:00", "2026-03-28T22:00", "2026-03-29T03:00"),
    # A midnight that comes twice.
    ("America/Havana", "22:00-00:30", "2026-11-01T04:40", "2026-11-01T05:30"),
    # A zone that stopped changing its clocks, on the day on which it stopped.
    ("Asia/Amman", "22:00-07:00", "2022-10-27T19:00", "2022-10-28T04:00"),
    # A whole day that never was: from Thursday midnight to Saturday midnight.
    ("Pacific/Apia", "22:00-07:00", "2011-12-30T08:00", "2011-12-30T17:00"),
    ("Pacific/Apia", "09:00-17:00", "2011-12-30T09:59", None),
    ("Pacific/Apia", "09:00-17:00", "2011-12-30T10:00", None),
]


@pytest.mark.parametrize(("zone", "hours", "now", "end"), CHANGED_CLOCKS)
def test_a_changed_clock_wakes_nobody_and_leaves_no_hole(
    zone: str, hours: str, now: str, end: str | None
):
    found = ends_at(every_day(hours), ZoneInfo(zone), utc(now))

    assert found == (utc(end) if end else None)
    assert is_quiet(every_day(hours), ZoneInfo(zone), utc(now)) == (end is not None)


def test_the_tables_tell_of_more_than_twenty_zones():
    assert len({row[0] for row in ORDINARY_NIGHTS} | {row[0] for row in CHANGED_CLOCKS}) >= 20


def test_a_window_over_midnight_belongs_to_the_day_on_which_it_begins():
    friday = on(4, "22:00-10:00")

    assert not is_quiet(friday, UTC, utc("2026-05-15T09:00"))
    assert is_quiet(friday, UTC, utc("2026-05-15T23:00"))
    assert is_quiet(friday, UTC, utc("2026-05-16T09:00"))
    assert not is_quiet(friday, UTC, utc("2026-05-16T23:00"))


def test_a_window_on_the_day_that_was_left_out_begins_with_the_next_one():
    # Friday 30 December 2011 was not: its night begins when Saturday does, at 10:00 UTC.
    friday = on(4, "22:00-07:00")

    assert not is_quiet(friday, ZoneInfo("Pacific/Apia"), utc("2011-12-30T09:59"))
    assert ends_at(friday, ZoneInfo("Pacific/Apia"), utc("2011-12-30T10:00")) == utc(
        "2011-12-30T17:00"
    )


def test_the_same_time_twice_is_a_whole_day():
    sunday = on(6, "00:00-00:00")

    assert ends_at(sunday, ZoneInfo("Asia/Tokyo"), utc("2026-05-16T15:00")) == utc(
        "2026-05-17T15:00"
    )


def test_windows_that_follow_each_other_are_one():
    days = list(every_day("22:00-08:00").days)
    days[5] = window("08:00-08:00")  # all of Saturday, until Sunday morning
    days[4] = window("22:00-08:00")

    assert ends_at(Schedule(tuple(days)), UTC, utc("2026-05-15T23:00")) == utc("2026-05-17T08:00")


def test_who_has_no_quiet_hours_is_never_quiet():
    assert not Schedule()
    assert ends_at(Schedule(), UTC, utc("2026-05-15T03:00")) is None


def test_quiet_without_an_end_is_cut_so_that_a_digest_goes_out_some_day():
    now = utc("2026-05-15T03:00")

    found = ends_at(every_day("00:00-00:00"), UTC, now)

    assert found is not None
    assert timedelta(days=7) < found - now < timedelta(days=10)


# --- what holds for every schedule, zone and time --------------------------------------------

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC", "Europe/Vienna", "Europe/Dublin", "America/New_York", "America/St_Johns",
        "America/Havana", "America/Santiago", "America/Asuncion", "Australia/Lord_Howe",
        "Australia/Adelaide", "Pacific/Chatham", "Pacific/Apia", "Pacific/Kiritimati",
        "Asia/Kathmandu", "Asia/Tehran", "Asia/Gaza", "Asia/Beirut", "Africa/Casablanca",
        "Africa/Cairo", "Antarctica/Troll", "Antarctica/Casey", "Atlantic/Azores",
        "America/Scoresbysund", "Europe/Istanbul",
    )
]  # fmt: skip

clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
windows = st.none() | st.builds(Window, clocks, clocks)
schedules = st.builds(Schedule, st.tuples(*[windows] * 7))
instants = st.integers(0, 21 * 365 * 1440).map(
    lambda minutes: datetime(2009, 1, 1, tzinfo=UTC) + minutes * A_MINUTE
)


@st.composite
def instants_near_a_change(draw: st.DrawFn, zone: tzinfo) -> datetime:
    """A minute within a day of one at which a zone's clock is changed, if there is any."""
    begin = draw(instants)
    day = timedelta(days=1)
    for days in range(366):
        at = begin + days * day
        if at.astimezone(zone).utcoffset() != (at + day).astimezone(zone).utcoffset():
            return at + draw(st.integers(-1440, 2880)) * A_MINUTE
    return begin


places = st.sampled_from(ZONES).flatmap(
    lambda zone: st.tuples(st.just(zone), instants | instants_near_a_change(zone))
)


@given(schedules, places)
def test_quiet_hours_end_after_now_and_not_into_quiet(
    schedule: Schedule, place: tuple[ZoneInfo, datetime]
):
    zone, now = place

    end = ends_at(schedule, zone, now)

    assert is_quiet(schedule, zone, now) == (end is not None)
    if end is not None:
        assert end > now
        assert is_quiet(schedule, zone, end - timedelta(seconds=1))
        assert not is_quiet(schedule, zone, end) or end >= now + timedelta(days=7)


@given(schedules, places)
@example(every_day("22:00-02:30"), (ZoneInfo("Pacific/Apia"), utc("2011-12-30T08:00")))
@example(every_day("02:10-02:50"), (ZoneInfo("Europe/Vienna"), utc("2026-03-29T01:00")))
def test_a_walk_over_every_minute_finds_the_same(
    schedule: Schedule, place: tuple[ZoneInfo, datetime]
):
    zone, now = place

    expected = walked_windows(schedule, zone, now)

    for minutes in range(-180, 180, 5):
        at = now + minutes * A_MINUTE
        assert is_quiet(schedule, zone, at) == any(a <= at < b for a, b in expected), at


def walked_windows(
    schedule: Schedule, zone: ZoneInfo, around: datetime
) -> list[tuple[datetime, datetime]]:
    """Quiet hours as one finds them who looks at the wall every five minutes: from the first
    look at which the clock has reached the start, until the last at which it has not reached the
    end."""
    step = 5 * A_MINUTE
    around -= timedelta(minutes=around.minute % 5)
    looks = [around + number * step for number in range(-5 * 288, 4 * 288)]
    walls = [look.astimezone(zone).replace(tzinfo=None) for look in looks]
    found = []
    for day in {wall.date() + timedelta(days=d) for wall in walls for d in (0, 1)}:
        one = schedule.days[day.weekday()]
        if one is None:
            continue
        start = datetime.combine(day, one.start)
        end = datetime.combine(day, one.end)
        if end <= start:
            end += timedelta(days=1)
        begun = [look for look, wall in zip(looks, walls, strict=True) if wall >= start]
        running = [look for look, wall in zip(looks, walls, strict=True) if wall < end]
        if begun and running and begun[0] > looks[0] and running[-1] < looks[-1]:
            found.append((begun[0], running[-1] + step))
    return found
