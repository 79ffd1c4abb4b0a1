"""What a rule says, as those take it that read, judge and remember."""

from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from dashboard.alerts.machine import Terms
from dashboard.alerts.thresholds import Missing, Side, Threshold
from dashboard.logs.search import compiled
from dashboard.models.alerts import Rule, Watch
from dashboard.queries import Query

STEP_SECONDS = 10
"""Rules are looked at as often as this; the time that they look at is made of such steps."""
LONGEST_WINDOW = 3600

Pattern = Annotated[str, Meta(max_length=200)]


class Beats(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which heartbeats a rule is about: globs."""

    source: Pattern = "*"
    slug: Pattern = "*"


class Lines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which log lines a rule counts: all that is named must be so."""

    text: Pattern = ""
    regex: Annotated[str, Meta(max_length=500)] = ""
    level: Literal["", "debug", "info", "warning", "error", "critical"] = ""
    """Or worse."""
    source: Pattern = "*"
    """`app` is the installation itself."""


@dataclass(frozen=True)
class Watched:
    """A rule, read once for a round."""

    rule: Rule

    @property
    def pk(self) -> int:
        """Its number; of one that is only tried there is none yet."""
        return self.rule.pk or 0

    @cached_property
    def query(self) -> Query:
        """What is read of what was measured. Raises msgspec.ValidationError."""
        return query_of(self.rule)

    @cached_property
    def threshold(self) -> Threshold:
        return threshold_of(self.rule)

    @cached_property
    def terms(self) -> Terms:
        return Terms(self.rule.after, self.rule.keep, self.rule.repeat)

    @property
    def window(self) -> int:
        """Seconds, in whole steps."""
        return whole_steps(self.rule.window)


def query_of(rule: Rule) -> Query:
    """Return what a rule reads: its watch says by which function."""
    told = {name: value for name, value in rule.query.items() if name not in _OF_PANELS}
    fn = _FUNCTIONS.get(Watch(rule.watch))
    return msgspec.convert(told | ({"fn": fn} if fn else {}), Query)


def beats_of(rule: Rule) -> Beats:
    """Return which heartbeats a rule is about."""
    return msgspec.convert(rule.query, Beats)


def lines_of(rule: Rule) -> Lines:
    """Return which log lines a rule counts. Raises msgspec.ValidationError, and LiveError for a
    pattern that is none."""
    found = msgspec.convert(rule.query, Lines)
    if found.regex:
        compiled(found.regex)
    return found


def check(rule: Rule) -> Any:
    """Return what a rule reads. Raises msgspec.ValidationError where that cannot be understood."""
    return _CHECKS.get(Watch(rule.watch), query_of)(rule)


def threshold_of(rule: Rule) -> Threshold:
    """Return from where on it is an alert. Some watches leave nothing to choose."""
    match rule.watch:
        case Watch.NO_DATA:
            # How much was measured: anything at all is well.
            return Threshold(Side.BELOW, 0.5, 0.5, Missing.ALERT)
        case Watch.HEARTBEAT:
            # For how many seconds it has been late, or has failed.
            return Threshold(Side.ABOVE, 0.0, 0.0, Missing.KEEP)
        case Watch.LOG:
            # Where nothing is logged none of it was logged.
            return Threshold(Side(rule.side), rule.threshold, rule.clear, Missing.OK)
    return Threshold(Side(rule.side), rule.threshold, rule.clear, Missing(rule.missing))


def whole_steps(seconds: int) -> int:
    """Return a time in whole steps: at least one."""
    steps = -(-min(seconds, LONGEST_WINDOW) // STEP_SECONDS)
    return max(steps, 1) * STEP_SECONDS


_FUNCTIONS = {Watch.RATE: "rate", Watch.PERCENTILE: "percentile", Watch.NO_DATA: "count"}
_CHECKS = {Watch.HEARTBEAT: beats_of, Watch.LOG: lines_of}
# What a panel may do with lanes would have an alert's labels come and go.
_OF_PANELS = frozenset({"top", "smooth", "legend"})
