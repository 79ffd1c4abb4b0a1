"""How an alert is kept: its row and what the state machine remembers, and changes by version."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import msgspec
from django.db import connection

from dashboard.alerts.machine import Memory, Outcome, State
from dashboard.models.alerts import Alert, Rule

RESOLVED_EVERY = 20.0
"""How often it is noted for how long something has been resolved."""


@dataclass(frozen=True)
class Turn:
    """An alert as it was read, and what has become of it."""

    rule: Rule
    alert: Alert
    outcome: Outcome

    @property
    def is_loud(self) -> bool:
        """Whether there is something to tell."""
        return self.outcome.happened is not None

    @property
    def is_worth_keeping(self) -> bool:
        """Whether the row is to be written: of what is well, and was, there need not be one."""
        before, after = State(self.alert.state), self.outcome.memory
        if before is not after.state:
            return True
        if after.state is State.RESOLVED:
            return after.at - self.alert.read_at >= RESOLVED_EVERY
        return after.state is not State.OK


def key_of(labels: Mapping[str, str]) -> str:
    """Return by which key a set of labels is known."""
    told = msgspec.json.encode(sorted(labels.items()))
    return hashlib.blake2b(told, digest_size=16).hexdigest()


def new_alert(rule: Rule, labels: Mapping[str, str]) -> Alert:
    """Return an alert that has no row yet: all is well."""
    return Alert(rule=rule, labels=dict(labels), key=key_of(labels))


def memory_of(alert: Alert) -> Memory:
    """Return what is remembered of an alert."""
    return Memory(
        state=State(alert.state),
        at=alert.read_at,
        since=alert.since,
        lasted=alert.lasted,
        untold=alert.untold,
        unknown=alert.unknown,
        value=alert.value,
        acknowledged_by=alert.acknowledged_by_id,
    )


def columns_of(memory: Memory) -> dict[str, Any]:
    """Return what is written of what is remembered."""
    return {
        "state": memory.state.value,
        "read_at": memory.at,
        "since": memory.since,
        "lasted": memory.lasted,
        "untold": memory.untold,
        "unknown": memory.unknown,
        "value": memory.value,
        "acknowledged_by_id": memory.acknowledged_by,
    }


def take(alert: Alert, memory: Memory, **more: Any) -> bool:
    """Write what has become of an alert, unless somebody else has changed it meanwhile: returns
    whether it was we. The row stays locked until the end of the transaction."""
    if alert._state.adding and not _make(alert):
        return False
    written = {**columns_of(memory), "version": alert.version + 1, **more}
    if not Alert.objects.filter(pk=alert.pk, version=alert.version).update(**written):
        return False
    for name, value in written.items():
        setattr(alert, name, value)
    return True


def keep_quietly(turns: Sequence[Turn]) -> None:
    """Write what has become of alerts of which there is nothing to tell, all at once. Of those
    that somebody else has changed meanwhile nothing is written."""
    new = [turn for turn in turns if turn.alert._state.adding]
    if new:
        Alert.objects.bulk_create([_filled(turn) for turn in new], ignore_conflicts=True)
    old = [turn for turn in turns if not turn.alert._state.adding]
    for start in range(0, len(old), MOST_AT_ONCE):
        _move(old[start : start + MOST_AT_ONCE])


def _make(alert: Alert) -> bool:
    """Store an alert that is new. Somebody else may have done so a moment ago."""
    made, is_new = Alert.objects.get_or_create(
        rule=alert.rule, key=alert.key, defaults={"labels": alert.labels}
    )
    alert.pk, alert._state.adding = made.pk, False
    return is_new


def _filled(turn: Turn) -> Alert:
    for name, value in columns_of(turn.outcome.memory).items():
        setattr(turn.alert, name, value)
    turn.alert.version = 1
    return turn.alert


def _move(turns: Sequence[Turn]) -> None:
    rows = ((turn.alert.pk, turn.alert.version, *_told(turn.outcome.memory)) for turn in turns)
    values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(turns))
    with connection.cursor() as cursor:
        cursor.execute(_MOVE.format(values=values), list(chain.from_iterable(rows)))


def _told(memory: Memory) -> tuple[float | str | None, ...]:
    numbers = (memory.at, memory.since, memory.lasted, memory.untold, memory.unknown, memory.value)
    return *numbers, memory.state.value


MOST_AT_ONCE = 100
# Whatever is all NULL in VALUES has no type of its own. `acknowledged_by` changes by a person, and
# where something is told.
_MOVE = """
    UPDATE dashboard_alert
    SET version = version + 1, read_at = column3, since = column4, lasted = column5,
        untold = column6, unknown = column7, value = CAST(column8 AS double precision),
        state = column9
    FROM (VALUES {values}) AS moved
    WHERE id = column1 AND version = column2
"""
