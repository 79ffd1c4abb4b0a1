"""Changes of alerts of which there is something to tell: row, history, message and notifications
are one transaction, and of two who would tell the same one does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from dashboard.alerts import measures
from dashboard.alerts.machine import Happened, Outcome, State
from dashboard.alerts.speaking import say
from dashboard.alerts.storing import Turn, take
from dashboard.alerts.wording import Moment
from dashboard.models.alerts import Alert, AlertEvent, Severity, Watch
from notifications.services import forget_group, happened
from realtime_project.accounts.models import User

Values = Sequence[float | None]


@dataclass(frozen=True)
class Scene:
    """What an alert's message shows beside how it stands: asked for only where it is told."""

    unit: str = ""
    values: Callable[[], Values] = tuple


def tell(turn: Turn, at: float, scene: Scene, *, person: int | None = None) -> bool:
    """Write and tell what has happened to an alert; returns whether it was we who did."""
    alert, what = turn.alert, turn.outcome.happened
    if what is None:
        raise ValueError("There is nothing to tell.")
    before = Before(alert.since, State(alert.state).is_on)
    number = alert.number + 1
    more: dict[str, int | None] = {"number": number}
    if begins(turn.outcome, before):
        # What it says from now on is about this time, in a message of its own.
        more |= {"episode": number, "message_id": None}
    with transaction.atomic():
        if not take(alert, turn.outcome.memory, **more):
            return False
        event = _write(turn, what, at, before, person)
        moment = Moment(
            alert=alert,
            at=at,
            unit=scene.unit,
            values=scene.values(),
            who=_name_of(alert),
            fired=before.since if what is Happened.RESOLVED else None,
        )
        if what is not Happened.REPEATED and (alert.message_id or what in _SPEAKS):
            say(moment)
        _notify(alert, what, event)
    measures.changes.by[what.value] += 1
    return True


@dataclass(frozen=True)
class Before:
    """How it stood with an alert before something happened."""

    since: float
    was_on: bool


def begins(outcome: Outcome, before: Before) -> bool:
    """Return whether an alert has begun to fire."""
    return outcome.memory.state.is_on and not before.was_on


def group_of(alert: Alert) -> str:
    """Return under which name people are notified of an alert, as long as it fires."""
    return f"alert:{alert.pk}:{alert.episode}"


def is_for_people(alert: Alert) -> bool:
    """Return whether people are notified, wherever they are: of what is critical, and of jobs
    that have not come."""
    rule = alert.rule
    is_job = rule.watch == Watch.HEARTBEAT and rule.severity != Severity.INFO
    return is_job or rule.severity == Severity.CRITICAL


def _write(turn: Turn, what: Happened, at: float, before: Before, person: int | None) -> AlertEvent:
    alert = turn.alert
    return AlertEvent.objects.create(
        alert=alert,
        number=alert.number,
        what=what.value,
        at=datetime.fromtimestamp(at, UTC),
        value=alert.value,
        seconds=max(at - before.since, 0) if what is Happened.RESOLVED else None,
        person_id=person,
    )


def _notify(alert: Alert, what: Happened, event: AlertEvent) -> None:
    if not is_for_people(alert):
        return
    if what in _CALLS:
        happened("dashboard.fired", alert=alert.pk, event=event.pk)
    elif what is Happened.RESOLVED:
        forget_group(group_of(alert))
        if _was_told(alert):
            happened("dashboard.resolved", alert=alert.pk, event=event.pk)


def _was_told(alert: Alert) -> bool:
    since = alert.events.filter(number__gte=alert.episode)
    return since.filter(what__in=[one.value for one in _CALLS]).exists()


def _name_of(alert: Alert) -> str:
    person = User.objects.filter(pk=alert.acknowledged_by_id or 0).first()
    return str(person) if person else ""


_SPEAKS = frozenset({Happened.FIRING, Happened.UNSILENCED})
_CALLS = frozenset({Happened.FIRING, Happened.UNSILENCED, Happened.REPEATED})
