"""What all rules see over some steps of time: read in a few queries, however many they are."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from heapq import nlargest

import msgspec

from dashboard.alerts.counted import Counted
from dashboard.alerts.heartbeats import Beating
from dashboard.alerts.machine import Verdict
from dashboard.alerts.measured import Catalogue, Measured, Seen
from dashboard.alerts.rules import Watched, check
from dashboard.alerts.silences import quiets
from dashboard.alerts.silencing import Quiet
from dashboard.alerts.storing import Turn
from dashboard.alerts.tail import Tail
from dashboard.alerts.telling import Scene, Values
from dashboard.models.alerts import Fault, Rule, Watch
from dashboard.storage.anew import on_other_database
from realtime_project.live.codes import LiveError

logger = logging.getLogger(__name__)

MOST_ALERTS = 200
"""How many sets of labels of one rule may be alerts at a time."""
CHART_STEPS = 60
CHART_STEP_SECONDS = 60

catalogue = Catalogue()
on_other_database(catalogue.forget)


@dataclass
class View:
    """What was measured and told, and what is silenced, over some steps."""

    measured: Measured
    beating: Beating
    counted: Counted
    quiets: Sequence[Quiet]
    resumed: int
    """Since when somebody looks."""
    left_out: Counter[int] = field(default_factory=Counter)
    """How many alerts of a rule were not made at the last step, because it has too many."""
    faults: dict[int, tuple[Fault, str]] = field(default_factory=dict)
    """Which rules could not be looked at or told, and why."""

    @classmethod
    def of(cls, rules: Sequence[Watched], steps: range, resumed: int, tail: Tail) -> "View":
        """Read all that rules need, as far as that was not read before."""
        catalogue.refresh()
        beats = [one for one in rules if one.rule.watch == Watch.HEARTBEAT]
        lines = [one for one in rules if one.rule.watch == Watch.LOG]
        measured = [one for one in rules if one.rule.watch not in (Watch.HEARTBEAT, Watch.LOG)]
        return cls(
            measured=Measured.following(measured, catalogue, steps, tail),
            beating=Beating.of(beats),
            counted=Counted.of(lines, steps[0]),
            quiets=quiets(),
            resumed=resumed,
        )

    def seen(self, rule: Watched, at: int) -> Sequence[Seen]:
        """Return what a rule sees at a time, by labels."""
        if rule.rule.watch == Watch.HEARTBEAT:
            return self.beating.seen(rule, at, self.resumed)
        if rule.rule.watch == Watch.LOG:
            return self.counted.seen(rule, at)
        return self.measured.seen(rule, at)

    def judge(self, rule: Watched, value: float | None, at: int) -> Verdict:
        """Return what it means what a rule sees."""
        if value is None and at - rule.window < self.resumed:
            # Nobody can say whether there was something while nobody looked.
            return Verdict.UNKNOWN
        return rule.threshold.judge(value)

    def is_quiet(self, rule: Watched, labels: Mapping[str, str], at: int) -> bool:
        """Return whether an alert says nothing at a time."""
        told = {**rule.rule.labels, "severity": rule.rule.severity, **labels}
        return any(one.holds_at(at) and one.is_about(rule.pk, told) for one in self.quiets)

    def scene(self, turn: Turn, at: int) -> Scene:
        """Return what the message of an alert shows."""
        watched = Watched(turn.rule)
        if turn.rule.watch in (Watch.HEARTBEAT, Watch.LOG):
            return Scene()
        unit = self.measured.unit(watched)
        return Scene(unit, partial(last_hour, watched, turn.alert.labels, at))


def worst(rule: Watched, seen: Sequence[Seen], most: int) -> Sequence[Seen]:
    """Return what is farthest beyond a rule's threshold."""
    if len(seen) <= most:
        return seen
    return nlargest(most, seen, key=lambda one: rule.threshold.badness(one.value))


def last_hour(rule: Watched, labels: Mapping[str, str], at: int) -> Values:
    """Return what a rule has seen of one set of labels, each minute of the last hour."""
    seen = history(rule, at, CHART_STEPS, CHART_STEP_SECONDS)
    return [next((one.value for one in some if one.labels == labels), None) for _at, some in seen]


def history(rule: Watched, at: int, steps: int, step: int) -> list[tuple[int, list[Seen]]]:
    """Return what a rule has seen at some times, the last of which is `at`."""
    first = at - (steps - 1) * step
    measured = Measured.of([rule], catalogue, first, at)
    return [(when, measured.seen(rule, when)) for when in range(first, at + 1, step)]


def read_rules(
    rules: Iterable[Rule], faults: dict[int, tuple[Fault, str]] | None = None
) -> list[Watched]:
    """Return the rules that can be understood, and note the others."""
    readable = []
    for rule in rules:
        try:
            check(rule)
        except (msgspec.ValidationError, LiveError) as error:
            logger.warning("The rule %s cannot be understood: %s", rule.pk, error)
            if faults is not None:
                faults[rule.pk] = (Fault.UNREADABLE, str(error))
        else:
            readable.append(Watched(rule))
    return readable
