"""How long it is kept what happened to alerts."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from dashboard.alerts.machine import State
from dashboard.models.alerts import Alert, AlertEvent, Silence

KEPT = timedelta(days=400)
MOST_AT_ONCE = 1000


def forget(now: datetime) -> bool:
    """Delete a part of what is too old; returns whether there may be more."""
    before = now - KEPT
    events = AlertEvent.objects.filter(at__lt=before).order_by("at")
    # What is well and has no history is as one that never was.
    empty = Alert.objects.filter(state=State.OK.value, events=None)
    silences = Silence.objects.filter(ends__lt=before)
    # All of them: whether there is more of one says nothing of the others.
    return max([_delete(events), _delete(empty), _delete(silences)]) == MOST_AT_ONCE


def _delete(rows: QuerySet[AlertEvent] | QuerySet[Alert] | QuerySet[Silence]) -> int:
    some = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if some:
        rows.model._default_manager.filter(pk__in=some).delete()
    return len(some)
