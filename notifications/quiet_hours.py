"""Quiet hours: by weekday, as the clock on the wall shows them where the person lives.

Pure: it is told the schedule, the zone and the time. A clock that is changed makes some times of
the wall happen twice and others never. Where one happens twice, quiet begins at its first and
ends at its second; where one never happens, both are the moment at which the clock jumps over it.
So nobody is woken an hour early, and no night has a loud hour in its middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)
LOOKS_AHEAD = timedelta(days=8)


@dataclass(frozen=True)
class Window:
    """From one time of the wall to another, on the next day where that is not later. The same
    time twice is a whole day."""

    start: time
    end: time

    @property
    def is_over_midnight(self) -> bool:
        return self.end <= self.start


@dataclass(frozen=True)
class Schedule:
    """The window that begins on each day of the week, Monday first."""

    days: tuple[Window | None, ...] = (None,) * 7

    def __post_init__(self) -> None:
        if len(self.days) != 7:
            raise ValueError("A week has seven days.")

    def __bool__(self) -> bool:
        return any(self.days)


NEVER = Schedule()


def is_quiet(schedule: Schedule, zone: tzinfo, instant: datetime) -> bool:
    """Return whether an instant lies within quiet hours."""
    return _end_of_window(schedule, zone, instant.astimezone(UTC)) is not None


def ends_at(schedule: Schedule, zone: tzinfo, instant: datetime) -> datetime | None:
    """Return when the quiet hours around an instant end, in UTC; None when it is not quiet.

    Windows that follow each other without a pause are one. Where quiet never ends it is cut after
    a week.
    """
    if not schedule:
        return None  # of most people, asked for thousands at once
    now = end = instant.astimezone(UTC)
    while (later := _end_of_window(schedule, zone, end)) and end < now + LOOKS_AHEAD:
        end = later
    return end if end > now else None


def leaves_a_pause(schedule: Schedule) -> bool:
    """Return whether there is a minute in an ordinary week that is not quiet."""
    a_monday = datetime(2024, 1, 1, tzinfo=UTC)
    found = ends_at(schedule, UTC, a_monday)
    return found is None or found < a_monday + LOOKS_AHEAD


def instant_of(day: date, clock: time, zone: tzinfo, *, is_last: bool = False) -> datetime:
    """Return the instant at which the wall shows this, in UTC: the first one or the last. Where
    it never does, the one at which the clock jumps over it."""
    wall = datetime.combine(day, clock)
    instant = wall.replace(tzinfo=zone, fold=int(is_last)).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    return _jump_over(wall, zone)


def _end_of_window(schedule: Schedule, zone: tzinfo, instant: datetime) -> datetime | None:
    """When the last of the windows ends that an instant lies in."""
    ends = [
        end for start, end in _windows_around(schedule, zone, instant) if start <= instant < end
    ]
    return max(ends, default=None)


def _windows_around(
    schedule: Schedule, zone: tzinfo, instant: datetime
) -> Iterator[tuple[datetime, datetime]]:
    today = instant.astimezone(zone).date()
    # A window lasts a day at most. That of tomorrow may have begun where midnight comes twice.
    for days in (-1, 0, 1):
        day = today + days * A_DAY
        window = schedule.days[day.weekday()]
        if window is not None:
            last_day = day + A_DAY if window.is_over_midnight else day
            yield (
                instant_of(day, window.start, zone),
                instant_of(last_day, window.end, zone, is_last=True),
            )


def _jump_over(wall: datetime, zone: tzinfo) -> datetime:
    """The instant at which the clock jumps over a time, in UTC: found by halving, because zones
    tell what their clocks show and not when they are changed."""
    # Read by the clock of after the jump it lies before it, read by the one of before, behind it.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    behind = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    while behind - before > A_SECOND:
        middle = before + (behind - before) // 2
        middle -= timedelta(microseconds=middle.microsecond)
        if middle.astimezone(zone).replace(tzinfo=None) < wall:
            before = middle
        else:
            behind = middle
    return behind
