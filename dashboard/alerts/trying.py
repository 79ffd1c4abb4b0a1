"""What a rule would say now, and what it would have said within the last hour: for a test before
anybody is called."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashboard.alerts.counted import Counted
from dashboard.alerts.machine import Happened, Memory, Reading, State, step
from dashboard.alerts.measured import Seen, unit_of
from dashboard.alerts.quantities import quantity
from dashboard.alerts.rounds import latest_step
from dashboard.alerts.rules import STEP_SECONDS, Watched
from dashboard.alerts.sparkline import Sparkline
from dashboard.alerts.storing import key_of
from dashboard.alerts.tail import Tail
from dashboard.alerts.view import MOST_ALERTS, View, catalogue, worst
from dashboard.models.alerts import STATES, Rule, Watch

HOUR = 3600
MOST_SHOWN = 20


@dataclass
class Trial:
    """What one set of labels would have come to."""

    labels: dict[str, str]
    memory: Memory = field(default_factory=Memory)
    fired: list[tuple[float, float | None]] = field(default_factory=list)
    """From when to when, as far as that has come."""
    values: list[float | None] = field(default_factory=list)
    unit: str = ""

    @property
    def name(self) -> str:
        return ", ".join(value for value in self.labels.values() if value)

    @property
    def value(self) -> str:
        return quantity(self.values[-1] if self.values else None, self.unit)

    @property
    def state(self) -> State:
        return self.memory.state

    @property
    def state_name(self) -> str:
        return str(dict(STATES)[self.state.value])

    def read(self, rule: Watched, reading: Reading) -> None:
        outcome = step(self.memory, rule.terms, reading)
        self.memory = outcome.memory
        self.values.append(reading.value)
        if outcome.happened is Happened.FIRING:
            self.fired.append((reading.at, None))
        elif outcome.happened is Happened.RESOLVED:
            self.fired[-1] = (self.fired[-1][0], reading.at)


@dataclass(frozen=True)
class Told:
    """What came of trying a rule."""

    trials: Sequence[Trial]
    limit: float | None

    @property
    def shown(self) -> list[tuple[Trial, Sparkline | None]]:
        """The first of them, those that would have fired before the others."""
        chosen = sorted(self.trials, key=lambda one: -len(one.fired))[:MOST_SHOWN]
        return [(one, Sparkline.of(one.values, self.limit)) for one in chosen]

    @property
    def firings(self) -> int:
        return sum(len(trial.fired) for trial in self.trials)


def attempt(rule: Rule, now: float) -> Told:
    """Return what a rule would say; it need not be stored. Jobs are only known as of now."""
    watched = Watched(rule)
    last = latest_step(now)
    is_beats = rule.watch == Watch.HEARTBEAT
    first = last if is_beats else last - HOUR + STEP_SECONDS
    steps = range(first, last + 1, STEP_SECONDS)
    view = View.of([watched], steps, 0, Tail())
    if rule.watch == Watch.LOG:
        view.counted = Counted.alone(watched, first)
    trials: dict[str, Trial] = {}
    for at in steps:
        _read(watched, view, at, trials)
    unit = _unit(watched)
    for trial in trials.values():
        trial.unit = unit
    has_limit = rule.watch not in (Watch.HEARTBEAT, Watch.NO_DATA)
    return Told(list(trials.values()), watched.threshold.at if has_limit else None)


def _unit(rule: Watched) -> str:
    if rule.rule.watch in (Watch.HEARTBEAT, Watch.LOG):
        return "s" if rule.rule.watch == Watch.HEARTBEAT else ""
    return unit_of(rule.query, catalogue.of(rule.query))


def _read(rule: Watched, view: View, at: int, trials: dict[str, Trial]) -> None:
    there = {key_of(seen.labels): seen for seen in worst(rule, view.seen(rule, at), MOST_ALERTS)}
    for key, seen in there.items():
        if len(trials) < MOST_ALERTS:
            trials.setdefault(key, Trial(seen.labels))
    for key, trial in trials.items():
        seen = there.get(key) or Seen(trial.labels, None)
        trial.read(rule, Reading(at, view.judge(rule, seen.value, at), seen.value))
