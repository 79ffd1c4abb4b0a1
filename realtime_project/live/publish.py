"""Telling the hub what a transaction changed, from any thread, once it is committed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from realtime_project.live.changes import Change, Row
from realtime_project.live.hub import hub

if TYPE_CHECKING:
    from realtime_project.live.streams import Step


def publish(
    step: "Step", rows: Iterable[Row] = (), *, head: bytes | None = None, reset: bool = False
) -> None:
    """Announce what one step of a stream changed, when the transaction around it commits.

    An announcement is a hint: who misses it finds the same rows in the database.
    """
    change = _change(step, rows, head=head, reset=reset)
    # robust: the rows are stored, so that a fault in telling them must not look like a failure.
    transaction.on_commit(lambda: hub.announce(change), robust=True)


def publish_all(told: "Iterable[tuple[Step, Iterable[Row]]]") -> None:
    """Announce what one transaction changed in many streams, all at once."""
    changes = [_change(step, rows) for step, rows in told]
    transaction.on_commit(lambda: hub.announce(*changes), robust=True)


def _change(
    step: "Step", rows: Iterable[Row], *, head: bytes | None = None, reset: bool = False
) -> Change:
    stream = step.stream
    return Change(
        key=stream.key,
        after=stream.rev - step.by,
        rev=stream.rev,
        rows=tuple(rows),
        head=head,
        reset=reset,
    )
