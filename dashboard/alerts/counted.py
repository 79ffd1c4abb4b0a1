"""How many lines of logs rules see: counted once, in the steps of time in which they were
written."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dashboard.alerts.measured import Seen
from dashboard.alerts.rules import STEP_SECONDS, Lines, Watched, lines_of
from dashboard.logs.lines import LEVELS, Line, levels_from, unpack
from dashboard.logs.search import compiled
from dashboard.models import Log, LogBatch
from realtime_project.live.models import Installation

BATCHES_AT_ONCE = 100
NOTHING = -1
"""The rev of one that has counted nothing yet, or not all of it."""

Counts = Counter[int]
"""By the time at which a step begins."""


@dataclass
class Tally:
    """What was counted before. It follows the stream of all lines by its revs: each batch is opened
    once, when it has come, whatever its sender says of when its lines were written. Where a backup
    was restored, its revs mean other batches, and all are counted anew."""

    counts: dict[Lines, Counts]
    since: int = 0
    rev: int = NOTHING
    epoch: str = ""

    def count(self, wanted: Iterable[Lines], start: int) -> dict[Lines, Counts]:
        """Return how many lines there are of each step from `start` on, as far as they came."""
        wanted = set(wanted)
        epoch = Installation.current().epoch if wanted else ""
        log = Log.current() if wanted else Log()
        is_known = (
            epoch == self.epoch
            and wanted <= self.counts.keys()
            and self.since <= start
            and log.floor <= self.rev <= log.rev
        )
        after = self.rev if is_known else 0
        kept = self.counts if is_known else {}
        self.counts = {one: _since(kept.get(one, Counter()), start) for one in wanted}
        # What is cut off in the middle of counting is counted anew as a whole.
        self.since, self.rev, self.epoch = start, NOTHING, epoch
        if log.rev > after:
            self._add(after, log.rev)
        self.rev = log.rev
        return self.counts

    def _add(self, after: int, until: int) -> None:
        matchers = [(self.counts[one], _matcher(one)) for one in self.counts]
        batches = LogBatch.objects.filter(rev__gt=after, rev__lte=until, last__gte=self.since)
        bodies = batches.order_by("rev").values_list("body", flat=True)
        for body in bodies.iterator(chunk_size=BATCHES_AT_ONCE):
            for line in unpack(bytes(body)):
                if line.at >= self.since:
                    at = int(line.at) // STEP_SECONDS * STEP_SECONDS
                    for counts, matches in matchers:
                        counts[at] += matches(line)


_tally = Tally({})


@dataclass
class Counted:
    """What rules see of the logs over a stretch of time."""

    counts: dict[Lines, Counts]

    @classmethod
    def of(cls, rules: Sequence[Watched], first: int) -> "Counted":
        """Count all that rules need to be judged from the step `first` on."""
        start = first - max((rule.window for rule in rules), default=0)
        return cls(_tally.count([lines_of(rule.rule) for rule in rules], start))

    @classmethod
    def alone(cls, rule: Watched, first: int) -> "Counted":
        """The same of one rule that is tried, beside what is counted for the others."""
        return cls(Tally({}).count([lines_of(rule.rule)], first - rule.window))

    def seen(self, rule: Watched, at: int) -> list[Seen]:
        """Return how many lines a rule sees at a time: of its window, which ends there."""
        counts = self.counts[lines_of(rule.rule)]
        steps = range(at - rule.window, at, STEP_SECONDS)
        return [Seen({}, float(sum(counts[step] for step in steps)))]


def _since(counts: Counts, start: int) -> Counts:
    return Counter({at: count for at, count in counts.items() if at >= start})


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
