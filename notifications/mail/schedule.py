"""When letters leave. Pure: it is told the time, the zone, and what was sent."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo

from notifications.quiet_hours import A_DAY, instant_of

HOUR = time(8)
GATHER = timedelta(minutes=1)
"""What comes within it after a letter goes into the next one."""
AN_HOUR = timedelta(hours=1)


def next_digest(zone: tzinfo, now: datetime, *, weekday: int | None = None) -> datetime:
    """Return when the next digest leaves: at eight in the morning where its person lives, each
    day or on one day of the week, of which Monday is 0."""
    today = now.astimezone(zone).date()
    for days in range(8):
        day = today + days * A_DAY
        moment = instant_of(day, HOUR, zone)
        if moment > now and weekday in (None, day.weekday()):
            return moment
    raise ValueError(f"A week has no day {weekday}")


def may_send(sent: Sequence[datetime], now: datetime, *, limit: int) -> datetime:
    """Return when the next letter may leave, by when others did within the last hour, in their
    order: a minute after the last one, and no more than so many an hour."""
    if not sent:
        return now
    earliest = sent[-1] + GATHER
    if len(sent) >= limit:
        earliest = max(earliest, sent[-limit] + AN_HOUR)
    return max(now, earliest)
