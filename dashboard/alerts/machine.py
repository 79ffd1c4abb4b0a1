"""What becomes of an alert with each reading of what its rule watches.

Pure: it is told the rule's terms, what the alert remembers, the reading and its time. How long
something has lasted is summed up from reading to reading, and no step counts for more than
`MAX_STEP_SECONDS`: a clock that is set forward, or hours in which nobody looked, make no alarm of
a moment, and one that is set back takes nothing away.

    ok ──over──> pending ──`for`──> firing ──clear for `keep`──> resolved ──over──> pending …
                    └──clear──> ok     │ ├─ acknowledged, by somebody
                                       └─┴─ silenced, while a silence holds
"""

from dataclasses import dataclass, replace
from enum import StrEnum

MAX_STEP_SECONDS = 20.0
FORGOTTEN_SECONDS = 900.0
"""What has not been measured for as long is not there any more, and nothing is wrong with it."""
RESOLVED_SECONDS = 3600.0
"""For how long it is remembered among the states that something was resolved."""


class State(StrEnum):
    OK = "ok"
    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    RESOLVED = "resolved"

    @property
    def is_on(self) -> bool:
        """Whether what the rule warns of is the case."""
        return self in _ON


_ON = frozenset({State.FIRING, State.ACKNOWLEDGED, State.SILENCED})


class Verdict(StrEnum):
    """What a reading says of the threshold."""

    OVER = "over"
    """Beyond the threshold."""
    BETWEEN = "between"
    """Not beyond it, and not back behind the one at which it is clear again."""
    CLEAR = "clear"
    UNKNOWN = "unknown"
    """Nothing was measured, and the rule does not care: all stays as it is."""


class Happened(StrEnum):
    """What is told of an alert, and kept in its history."""

    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    SILENCED = "silenced"
    UNSILENCED = "unsilenced"
    REPEATED = "repeated"
    RESOLVED = "resolved"


@dataclass(frozen=True)
class Terms:
    """When a rule's alert fires and when it is over, in seconds."""

    after: float = 0.0
    """How long it must have been over before it fires (`for`)."""
    keep: float = 0.0
    """How long it must have been clear before it is resolved."""
    repeat: float = 0.0
    """After which time it is told again to those who have not acknowledged it; 0 is never."""


@dataclass(frozen=True)
class Reading:
    """What was seen of a signal at a time, in Unix seconds."""

    at: float
    verdict: Verdict
    value: float | None = None
    is_silenced: bool = False


@dataclass(frozen=True)
class Memory:
    """What is kept of an alert from one reading to the next."""

    state: State = State.OK
    at: float = 0.0
    """The time of the last reading."""
    since: float = 0.0
    """When this state began; of one that is on, when it began to fire."""
    lasted: float = 0.0
    """For how long it has been pending, clear again, or resolved."""
    untold: float = 0.0
    """Seconds since it was told last."""
    unknown: float = 0.0
    """Seconds in which nothing was measured."""
    value: float | None = None
    acknowledged_by: int | None = None


@dataclass(frozen=True)
class Outcome:
    """An alert after a reading, and what there is to tell of it, if anything."""

    memory: Memory
    happened: Happened | None = None


def step(memory: Memory, terms: Terms, reading: Reading) -> Outcome:
    """Return what becomes of an alert with a reading."""
    passed = min(max(reading.at - memory.at, 0.0), MAX_STEP_SECONDS) if memory.at else 0.0
    known = reading.verdict is not Verdict.UNKNOWN
    unknown = 0.0 if known else memory.unknown + passed
    if unknown >= FORGOTTEN_SECONDS:
        reading = replace(reading, verdict=Verdict.CLEAR)
    memory = replace(
        memory,
        at=reading.at,
        unknown=unknown,
        # A clock that was set back: nothing began in the future.
        since=min(memory.since, reading.at),
        untold=memory.untold + passed,
        value=reading.value if known else memory.value,
    )
    return _STEPS[memory.state](memory, terms, reading, passed)


def acknowledge(memory: Memory, *, person: int) -> Outcome:
    """Return what becomes of an alert that somebody looks after: nobody is reminded any more."""
    if not memory.state.is_on or memory.acknowledged_by is not None:
        return Outcome(memory)
    state = State.SILENCED if memory.state is State.SILENCED else State.ACKNOWLEDGED
    return Outcome(replace(memory, state=state, acknowledged_by=person), Happened.ACKNOWLEDGED)


def end(memory: Memory, at: float) -> Outcome:
    """Return what becomes of an alert whose rule watches it no more."""
    if memory.state.is_on:
        return _resolve(memory, at)
    return Outcome(replace(memory, state=State.OK, at=at, since=at, lasted=0.0))


def _calm(memory: Memory, terms: Terms, reading: Reading, passed: float) -> Outcome:
    """Nothing is the case: `ok`, or `resolved` not long ago."""
    if reading.verdict is Verdict.OVER:
        begun = replace(memory, state=State.PENDING, since=reading.at, lasted=0.0)
        return _pending(begun, terms, reading, 0.0)
    lasted = memory.lasted + passed
    if memory.state is State.RESOLVED and lasted >= RESOLVED_SECONDS:
        return Outcome(replace(memory, state=State.OK, since=reading.at, lasted=0.0))
    return Outcome(replace(memory, lasted=lasted))


def _pending(memory: Memory, terms: Terms, reading: Reading, passed: float) -> Outcome:
    if reading.verdict is Verdict.CLEAR:
        return Outcome(replace(memory, state=State.OK, since=reading.at, lasted=0.0))
    if reading.verdict is Verdict.UNKNOWN:
        # What nobody has seen does not count towards an alarm.
        return Outcome(memory)
    memory = replace(memory, lasted=memory.lasted + passed)
    if reading.verdict is Verdict.OVER and memory.lasted >= terms.after:
        return _fire(memory, reading)
    return Outcome(memory)


def _fire(memory: Memory, reading: Reading) -> Outcome:
    state = State.SILENCED if reading.is_silenced else State.FIRING
    fired = replace(
        memory, state=state, since=reading.at, lasted=NOT_CLEAR, untold=0.0, acknowledged_by=None
    )
    return Outcome(fired, Happened.SILENCED if reading.is_silenced else Happened.FIRING)


def _on(memory: Memory, terms: Terms, reading: Reading, passed: float) -> Outcome:
    memory = replace(memory, lasted=_clear_for(memory, reading.verdict, passed))
    # The first clear reading has lasted for no time yet: `keep` begins with it.
    if reading.verdict is Verdict.CLEAR and memory.lasted >= terms.keep:
        return _resolve(memory, reading.at)
    is_silenced = memory.state is State.SILENCED
    if reading.is_silenced != is_silenced:
        return _unsilence(memory) if is_silenced else _silence(memory)
    return _remind(memory, terms)


def _clear_for(memory: Memory, verdict: Verdict, passed: float) -> float:
    """How long an alert that is on has been clear, where -1 stands for not at all."""
    if verdict is Verdict.OVER:
        return NOT_CLEAR
    if memory.lasted < 0:
        return 0.0 if verdict is Verdict.CLEAR else NOT_CLEAR
    return memory.lasted + passed if verdict is not Verdict.UNKNOWN else memory.lasted


def _silence(memory: Memory) -> Outcome:
    return Outcome(replace(memory, state=State.SILENCED), Happened.SILENCED)


def _unsilence(memory: Memory) -> Outcome:
    state = State.FIRING if memory.acknowledged_by is None else State.ACKNOWLEDGED
    return Outcome(replace(memory, state=state, untold=0.0), Happened.UNSILENCED)


def _remind(memory: Memory, terms: Terms) -> Outcome:
    if memory.state is State.FIRING and 0 < terms.repeat <= memory.untold:
        return Outcome(replace(memory, untold=0.0), Happened.REPEATED)
    return Outcome(memory)


def _resolve(memory: Memory, at: float) -> Outcome:
    resolved = replace(
        memory, state=State.RESOLVED, at=at, since=at, lasted=0.0, acknowledged_by=None
    )
    return Outcome(resolved, Happened.RESOLVED)


NOT_CLEAR = -1.0
_STEPS = {
    State.OK: _calm,
    State.RESOLVED: _calm,
    State.PENDING: _pending,
    **dict.fromkeys(_ON, _on),
}
