"""Stories of signals: whatever they do, an alert says as little as it can, and says it once."""

from dataclasses import dataclass, field

import hypothesis.strategies as st
from hypothesis import given, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from dashboard.alerts.machine import (
    Happened,
    Memory,
    Outcome,
    Reading,
    State,
    Terms,
    Verdict,
    acknowledge,
    step,
)
from dashboard.alerts.thresholds import Missing, Side, Threshold

MINUTE = 60


@given(
    threshold=st.floats(1, 1e6),
    side=st.sampled_from(Side),
    shares=st.lists(st.floats(-0.01, 0.01), min_size=120, max_size=120),
    after=st.sampled_from([0, 10, 60]),
)
@settings(max_examples=50)
def test_a_signal_that_flaps_1_percent_around_its_threshold_is_one_alert(
    threshold: float, side: Side, shares: list[float], after: float
) -> None:
    told = told_of(
        [threshold * (1 + share) for share in (0.01 if side is Side.ABOVE else -0.01, *shares)],
        Threshold(side, threshold),
        Terms(after=after, keep=MINUTE),
    )
    quiet = threshold * (0.5 if side is Side.ABOVE else 2)

    assert told([]) in ([], [Happened.FIRING])
    # It is over once more, and then for good.
    beyond = threshold * (1.01 if side is Side.ABOVE else 0.99)
    assert told([beyond] * 20 + [quiet] * 20) == [Happened.FIRING, Happened.RESOLVED]


@given(shares=st.lists(st.sampled_from([-0.01, 0.01]), min_size=120, max_size=120))
@settings(max_examples=50)
def test_keep_alone_holds_a_flapping_signal_together(shares: list[float]) -> None:
    no_hysteresis = Threshold(Side.ABOVE, 100, clear=100)
    # The longest that it stays below is less than what it must be clear for.
    steady = [0.01 if number % 5 == 0 else share for number, share in enumerate(shares)]
    told = told_of([100 * (1 + share) for share in steady], no_hysteresis, Terms(keep=MINUTE))

    assert told([50] * 20) == [Happened.FIRING, Happened.RESOLVED]


def test_a_value_between_the_thresholds_is_neither() -> None:
    above, below = Threshold(Side.ABOVE, 100), Threshold(Side.BELOW, 100, clear=150)

    assert [above.judge(value) for value in (101, 100, 96, 95)] == [
        Verdict.OVER,
        Verdict.BETWEEN,
        Verdict.BETWEEN,
        Verdict.CLEAR,
    ]
    assert [below.judge(value) for value in (99, 100, 149, 150)] == [
        Verdict.OVER,
        Verdict.BETWEEN,
        Verdict.BETWEEN,
        Verdict.CLEAR,
    ]


def test_a_rule_says_what_it_means_that_nothing_was_measured() -> None:
    said = {missing: Threshold(Side.ABOVE, 1, missing=missing).judge(None) for missing in Missing}

    assert said == {
        Missing.KEEP: Verdict.UNKNOWN,
        Missing.ALERT: Verdict.OVER,
        Missing.OK: Verdict.CLEAR,
    }


def told_of(values, threshold, terms):
    """Read values every five seconds; what is returned reads on, and says all that was told."""
    memory, at, told = Memory(), 1_790_000_000.0, []

    def read(more):
        nonlocal memory, at
        for value in more:
            at += 5
            outcome = step(memory, terms, Reading(at, threshold.judge(value), value))
            memory = outcome.memory
            told.extend([outcome.happened] if outcome.happened else [])
        return told

    read(values)
    return read


@dataclass
class Row:
    """An alert as a database keeps it: changed by whoever knows its version."""

    memory: Memory = field(default_factory=Memory)
    version: int = 0
    history: list[Happened] = field(default_factory=list)

    def write(self, version: int, outcome: Outcome) -> bool:
        if version != self.version:
            return False
        self.memory, self.version = outcome.memory, version + 1
        if outcome.happened:
            self.history.append(outcome.happened)
        return True


class Leaders(RuleBasedStateMachine):
    """Two who both think that they lead, persons who acknowledge, clocks that jump: as of a leader
    that is alone and reads the same, nothing is told twice and nothing is left out."""

    @initialize(after=st.sampled_from([0, 20]), keep=st.sampled_from([0, 20]))
    def begin(self, after: float, keep: float) -> None:
        self.terms = Terms(after=after, keep=keep, repeat=120)
        self.row, self.alone = Row(), Row()
        self.at = 1_790_000_000.0
        self.known: list[tuple[int, Memory]] = [(0, Memory()), (0, Memory())]

    @rule(
        who=st.integers(0, 1),
        verdict=st.sampled_from(Verdict),
        silenced=st.booleans(),
        passes=st.sampled_from([10, 10, 10, 60, 3600, -600]),
    )
    def one_reads_and_the_other_is_late(
        self, who: int, verdict: Verdict, silenced: bool, passes: float
    ) -> None:
        self.at += passes
        reading = Reading(self.at, verdict, 1.0, silenced)
        for leader in (who, 1 - who):
            self._reads_again(leader)
            # The reading has been taken into account where the row says so.
            version, memory = self.known[leader]
            if memory.at == reading.at:
                continue
            self.row.write(version, step(memory, self.terms, reading))
        self.alone.write(self.alone.version, step(self.alone.memory, self.terms, reading))

    @rule(verdict=st.sampled_from(Verdict))
    def both_read_at_the_same_moment(self, verdict: Verdict) -> None:
        self.at += 10
        reading = Reading(self.at, verdict, 1.0)
        for leader in (0, 1):
            self._reads_again(leader)
        written = [
            self.row.write(version, step(memory, self.terms, reading))
            for version, memory in self.known
        ]
        assert written == [True, False]
        self.alone.write(self.alone.version, step(self.alone.memory, self.terms, reading))

    @rule(verdict=st.sampled_from(Verdict))
    def one_that_was_away_writes_what_it_knew(self, verdict: Verdict) -> None:
        version, memory = self.known[0]
        before = self.row.version
        outcome = step(memory, self.terms, Reading(self.at, verdict, 1.0))
        if version != before:
            assert not self.row.write(version, outcome)

    @rule(person=st.integers(1, 3))
    def somebody_acknowledges(self, person: int) -> None:
        for row in (self.row, self.alone):
            outcome = acknowledge(row.memory, person=person)
            if outcome.happened:
                row.write(row.version, outcome)

    @invariant()
    def nothing_is_told_twice_or_left_out(self) -> None:
        if hasattr(self, "row"):
            assert self.row.history == self.alone.history

    @invariant()
    def what_was_told_can_be_believed(self) -> None:
        if not hasattr(self, "row"):
            return
        is_on = False
        for happened in self.row.history:
            # Nothing is resolved, acknowledged or repeated that was never said to begin.
            assert is_on or happened in {Happened.FIRING, Happened.SILENCED}
            is_on = happened is not Happened.RESOLVED
        assert self.row.memory.state.is_on == is_on
        if self.row.memory.state in (State.OK, State.PENDING, State.RESOLVED):
            assert self.row.memory.acknowledged_by is None

    def _reads_again(self, leader: int) -> None:
        self.known[leader] = (self.row.version, self.row.memory)


TestLeaders = Leaders.TestCase
