"""The silences as they are stored."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from dashboard.alerts.silencing import Quiet
from dashboard.models.alerts import Silence
from notifications.quiet_hours import NEVER, Schedule, Window


def quiets() -> list[Quiet]:
    """Return all silences that have not ended long ago."""
    recent = timezone.now() - timedelta(hours=1)
    return [quiet_of(one) for one in Silence.objects.filter(ends__gt=recent)]


def quiet_of(silence: Silence) -> Quiet:
    """Return a silence as it is asked."""
    return Quiet(
        begins=silence.begins.timestamp(),
        ends=silence.ends.timestamp(),
        rule=silence.rule_id,
        labels=silence.labels,
        schedule=schedule_of(silence),
        zone=ZoneInfo(silence.zone),
    )


def schedule_of(silence: Silence) -> Schedule:
    """Return when a silence comes again every week, if it does."""
    if not silence.weekdays or silence.opens is None or silence.closes is None:
        return NEVER
    window = Window(silence.opens, silence.closes)
    return Schedule(tuple(window if str(day) in silence.weekdays else None for day in range(7)))
