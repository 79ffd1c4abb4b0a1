"""Alerts on the axis of time: from when to when they fired, for boards to show behind lines."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from dashboard.alerts.machine import Happened
from dashboard.alerts.services import visible
from dashboard.models.alerts import AlertEvent, Severity
from realtime_project.accounts.models import User

MOST = 200
MOST_EVENTS = 2_000
_BEGINS = [Happened.FIRING.value, Happened.UNSILENCED.value]
_TOLD = [*_BEGINS, Happened.RESOLVED.value]
LOOKS_BACK_SECONDS = 7 * 86_400


def bands(start: float, end: float, reader: User) -> Iterable[dict[str, Any]]:
    """Return the stretches of [start, end) in which alerts fired, in Unix seconds: of those that
    a person may see."""
    since = datetime.fromtimestamp(start - LOOKS_BACK_SECONDS, UTC)
    until = datetime.fromtimestamp(end, UTC)
    events = AlertEvent.objects.filter(at__gte=since, at__lt=until, what__in=_TOLD)
    if not reader.is_staff:
        events = events.filter(alert__in=visible(reader))
    told: list[dict[str, Any]] = []
    open_ones: dict[int, dict[str, Any]] = {}
    newest = events.select_related("alert__rule").order_by("-at", "-number")[:MOST_EVENTS]
    for event in reversed(newest):
        at = event.at.timestamp()
        if event.what in _BEGINS:
            if event.alert_id not in open_ones:
                told.append(_band(event, at))
                open_ones[event.alert_id] = told[-1]
        elif (band := open_ones.pop(event.alert_id, None)) is not None:
            band["until"] = at
    return [one for one in told if one["until"] is None or one["until"] >= start][-MOST:]


def _band(event: AlertEvent, at: float) -> dict[str, Any]:
    is_critical = event.alert.rule.severity == Severity.CRITICAL
    return {
        "id": event.pk,
        "at": at,
        "until": None,
        "title": str(event.alert),
        "kind": "alert",
        "level": "critical" if is_critical else "warning",
    }
