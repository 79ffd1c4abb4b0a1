"""Until when something waits, as people choose it. Pure: it is told the zone and the time."""

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from notifications.muting import MORNING, NIGHT_ENDS
from notifications.quiet_hours import instant_of

EVENING = time(18)
MONDAY = 0


class Later(StrEnum):
    """When to come up again."""

    HOUR = "hour"
    EVENING = "evening"
    MORNING = "morning"
    WEEK = "week"


def comes_up(later: Later, zone: tzinfo, now: datetime) -> datetime:
    """Return when it is later: in an hour, or at the next evening at six, morning at eight or
    Monday at eight of the person's wall. Who is up at night calls the coming morning tomorrow."""
    if later is Later.HOUR:
        return now + timedelta(hours=1)
    here = now.astimezone(zone)
    day = here.date()
    if later is Later.EVENING:
        # Asked for in the evening it is that of the next day.
        return instant_of(day + timedelta(days=int(here.time() >= EVENING)), EVENING, zone)
    if later is Later.MORNING:
        return instant_of(day + timedelta(days=int(here.time() >= NIGHT_ENDS)), MORNING, zone)
    return instant_of(day + timedelta(days=7 - (day.weekday() - MONDAY) % 7), MORNING, zone)


def on_the_wall(shown: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which the person's wall shows a time."""
    return instant_of(shown.date(), shown.time(), zone)
