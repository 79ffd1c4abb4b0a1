"""Until when something is muted, as people choose it. Pure: it is told the zone and the time."""

from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from notifications.quiet_hours import instant_of

MORNING = time(8)
# Who is awake before it has not been to bed yet, and calls the coming morning tomorrow.
NIGHT_ENDS = time(5)
DAYS = {"tomorrow": 1, "week": 7}


class Span(StrEnum):
    """For how long."""

    HOUR = "hour"
    TOMORROW = "tomorrow"
    WEEK = "week"


def end_of(span: Span, zone: tzinfo, now: datetime) -> datetime:
    """Return when a span ends that begins now: after an hour, or on a morning at eight, where the
    person lives."""
    if span is Span.HOUR:
        return now + timedelta(hours=1)
    here = now.astimezone(zone)
    is_night = span is Span.TOMORROW and here.time() < NIGHT_ENDS
    day = here.date() + timedelta(days=DAYS[span] - int(is_night))
    return instant_of(day, MORNING, zone)
