"""A rule, something that it watches, and time that passes."""

from collections.abc import Iterable
from typing import Any

from dashboard.alerts import rounds
from dashboard.alerts.rules import STEP_SECONDS
from dashboard.models.alerts import Alert, AlertEvent, Rule
from dashboard.models.series import Kind
from dashboard.storage.points import Point, single
from dashboard.storage.registry import Described, key_of, series_for
from dashboard.storage.reports import Report, store

BEGIN = 1_790_000_000


def make_rule(**fields: Any) -> Rule:
    """Make a rule that fires at once when the lag is above 0.5 s, and is resolved at once."""
    told: dict[str, Any] = {
        "name": "Loop lag",
        "query": {"metric": "lag", "by": ["worker"], "fn": "max"},
        "window": STEP_SECONDS,
        "threshold": 0.5,
        "keep": 0,
    }
    return Rule.objects.create(**told | fields)


def series(name: str = "lag", *, unit: str = "s", kind: str = Kind.GAUGE, **labels: str) -> int:
    key = key_of(name, labels)
    return series_for([Described(key, kind, unit)])[key]


def measure(at: int, value: float | Point, pk: int | None = None) -> None:
    """Store what was measured within a second: of the lag of the one worker, unless it is said."""
    point = value if isinstance(value, Point) else single(value, at)
    found = pk if pk is not None else series(worker="web@0")
    store([Report("test", [(at, found, point)])])


class Watch:
    """Time that passes in steps: something is measured, then the leader looks."""

    def __init__(self, at: int = BEGIN) -> None:
        self.at = at
        rounds.look(self.at + rounds.SETTLE_SECONDS)

    def sees(self, *values: float | None) -> "Watch":
        for value in values:
            self.passes(value)
            while rounds.look(self.now):
                pass
        return self

    def passes(self, value: float | None) -> None:
        """Let a step pass in which nobody looks."""
        self.at += STEP_SECONDS
        if value is not None:
            measure(self.at - 1, value)

    @property
    def now(self) -> float:
        return self.at + rounds.SETTLE_SECONDS


def told(rule: Rule | None = None) -> list[str]:
    """Return what the history says, in its order."""
    events = AlertEvent.objects.order_by("at", "number")
    if rule is not None:
        events = events.filter(alert__rule=rule)
    return list(events.values_list("what", flat=True))


def states(alerts: Iterable[Alert] | None = None) -> list[str]:
    found = Alert.objects.order_by("pk") if alerts is None else alerts
    return [alert.state for alert in found]
