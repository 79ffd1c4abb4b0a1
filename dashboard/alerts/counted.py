"""How many lines of logs rules see: counted once, in the steps of time in which they came."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dashboard.alerts.measured import Seen
from dashboard.alerts.rules import STEP_SECONDS, Lines, Watched, lines_of
from dashboard.logs.lines import LEVELS, Line, levels_from, unpack
from dashboard.logs.search import compiled
from dashboard.models import LogBatch

AGAIN_SECONDS = 2 * STEP_SECONDS
"""Lines that came late by no more than this are counted all the same."""
BATCHES_AT_ONCE = 100
NEVER = -1

Counts = Counter[int]
"""By the time at which a step begins."""


@dataclass
class Tally:
    """What was counted before, so that a long window is not gone through at every step."""

    counts: dict[Lines, Counts]
    since: int = 0
    until: int = 0

    def count(self, wanted: Iterable[Lines], start: int, end: int) -> dict[Lines, Counts]:
        """Return how many lines came in each step from `start` on and before `end`."""
        wanted = set(wanted)
        is_known = wanted <= self.counts.keys() and self.since <= start <= self.until <= end
        again = self.until - AGAIN_SECONDS if is_known else start
        kept = self.counts if is_known else {}
        self.counts = {
            one: Counter(
                {at: n for at, n in kept.get(one, Counter()).items() if start <= at < again}
            )
            for one in wanted
        }
        # What is cut off in the middle of counting is counted anew as a whole.
        self.since, self.until = start, NEVER
        if wanted:
            self._add(max(again, start), end)
        self.until = end
        return self.counts

    def _add(self, start: int, end: int) -> None:
        matchers = [(self.counts[one], _matcher(one)) for one in self.counts]
        batches = LogBatch.objects.filter(last__gte=start, first__lt=end)
        bodies = batches.order_by("rev").values_list("body", flat=True)
        for body in bodies.iterator(chunk_size=BATCHES_AT_ONCE):
            for line in unpack(bytes(body)):
                if start <= line.at < end:
                    at = int(line.at) // STEP_SECONDS * STEP_SECONDS
                    for counts, matches in matchers:
                        counts[at] += matches(line)


_tally = Tally({})


@dataclass
class Counted:
    """What rules see of the logs over a stretch of time."""

    counts: dict[Lines, Counts]

    @classmethod
    def of(cls, rules: Sequence[Watched], first: int, last: int) -> "Counted":
        """Count all that rules need to be judged at each step from `first` to `last`."""
        start = first - max((rule.window for rule in rules), default=0)
        return cls(_tally.count([lines_of(rule.rule) for rule in rules], start, last))

    @classmethod
    def alone(cls, rule: Watched, first: int, last: int) -> "Counted":
        """The same of one rule that is tried, beside what is counted for the others."""
        wanted = lines_of(rule.rule)
        return cls(Tally({}).count([wanted], first - rule.window, last))

    def seen(self, rule: Watched, at: int) -> list[Seen]:
        """Return how many lines a rule sees at a time: of its window, which ends there."""
        counts = self.counts[lines_of(rule.rule)]
        steps = range(at - rule.window, at, STEP_SECONDS)
        return [Seen({}, float(sum(counts[step] for step in steps)))]


def _within(counts: Counts, start: int, end: int) -> Counts:
    return Counter({at: count for at, count in counts.items() if start <= at < end})


def _matcher(wanted: Lines) -> Callable[[Line], bool]:
    levels = levels_from(wanted.level) if wanted.level else LEVELS
    text = wanted.text.casefold()
    pattern = compiled(wanted.regex) if wanted.regex else None

    def matches(line: Line) -> bool:
        return (
            line.level in levels
            and text in line.text.casefold()
            and (wanted.source == "*" or fnmatchcase(line.source, wanted.source))
            and (pattern is None or pattern.search(line.text) is not None)
        )

    return matches
