"""What pages and programs ask about alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from chat.text import render
from dashboard.alerts.machine import State
from dashboard.alerts.measured import unit_of
from dashboard.alerts.quantities import span
from dashboard.alerts.rules import Watched
from dashboard.alerts.services import visible
from dashboard.alerts.view import catalogue, read_rules
from dashboard.alerts.wording import limits
from dashboard.models.alerts import Alert, AlertEvent, Silence, Watch
from realtime_project.accounts.models import User

ORDER = [State.FIRING, State.ACKNOWLEDGED, State.SILENCED, State.PENDING, State.RESOLVED]


@dataclass(frozen=True)
class Shown:
    """An alert as a page shows it."""

    alert: Alert
    unit: str = ""

    @property
    def since(self) -> datetime:
        return datetime.fromtimestamp(self.alert.since, UTC)

    @property
    def seen(self) -> str:
        return limits(self.alert.rule, self.alert.value, self.unit)

    @property
    def about(self) -> str:
        """What its rule says of it, as the room shows it: safe HTML."""
        return render(self.alert.rule.about) if self.alert.rule.about else ""

    @property
    def may_acknowledge(self) -> bool:
        return self.alert.is_on and self.alert.acknowledged_by_id is None


@dataclass(frozen=True)
class Entry:
    """A line of the history."""

    event: AlertEvent

    @property
    def lasted(self) -> str:
        return "" if self.event.seconds is None else span(self.event.seconds)


def now_on(person: User) -> list[tuple[State, str, list[Shown]]]:
    """Return the alerts that somebody may see, by state, the most urgent ones first."""
    found = list(
        visible(person)
        .exclude(state=State.OK.value)
        .select_related("rule__room", "acknowledged_by", "message")
        .order_by("-since")
    )
    units = units_of(found)
    by_state: dict[State, list[Shown]] = {state: [] for state in ORDER}
    for alert in found:
        by_state[State(alert.state)].append(Shown(alert, units.get(alert.rule_id, "")))
    names = dict(Alert._meta.get_field("state").choices or ())
    return [(state, str(names[state.value]), some) for state, some in by_state.items() if some]


def units_of(alerts: Sequence[Alert]) -> dict[int, str]:
    """Return in what the values of alerts are told, by their rules."""
    catalogue.refresh()
    rules = {one.rule_id: one.rule for one in alerts}
    measured = [one for one in rules.values() if one.watch not in (Watch.HEARTBEAT, Watch.LOG)]
    return {one.pk: unit_of(one.query, catalogue.of(one.query)) for one in read_rules(measured)}


def history(person: User) -> QuerySet[AlertEvent]:
    """Return what has happened to the alerts that somebody may see, the last first."""
    events = AlertEvent.objects.filter(alert__in=visible(person))
    return events.select_related("alert__rule", "person")


def silences() -> QuerySet[Silence]:
    """Return all silences, those that end last first."""
    return Silence.objects.select_related("rule", "created_by")


def unit_for(alert: Alert) -> str:
    """Return in what an alert's value is told."""
    return units_of([alert]).get(alert.rule_id, "")


def watched(alert: Alert) -> Watched:
    """Return an alert's rule, as it is read."""
    return Watched(alert.rule)
