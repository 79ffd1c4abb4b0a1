"""Keeping the reasons of decisions for a while."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now

from notifications.decision import Line
from notifications.models import Trace
from notifications.traces.stored import write_lines

KEPT = timedelta(days=14)
MAX_AT_ONCE = 1000


class Traced(NamedTuple):
    """A decision about one person, as it is kept."""

    person: int
    subject: str
    """What was decided about, by reference, such as `message:118`."""
    kind: str
    lines: tuple[Line, ...]


def record(*decisions: Traced) -> None:
    """Keep the reasons of decisions, in the caller's transaction. A later decision about the same
    takes the place of the earlier one."""
    Trace.objects.bulk_create(
        [
            Trace(person_id=one.person, subject=one.subject, kind=one.kind, lines=lines)
            for one, lines in _written(decisions)
        ],
        batch_size=100,
        update_conflicts=True,
        unique_fields=["person", "subject", "kind"],
        update_fields=["decided", "lines"],
    )


def forget_old() -> int:
    """Delete some of the traces that are older than two weeks; returns how many there were."""
    old = Trace.objects.filter(decided__lt=Now() - KEPT).order_by("decided")
    found = list(old.values_list("pk", flat=True)[:MAX_AT_ONCE])
    Trace.objects.filter(pk__in=found).delete()
    return len(found)


def _written(decisions: Iterable[Traced]) -> Iterable[tuple[Traced, list[list[object]]]]:
    # A later one of the same is what stays; PostgreSQL refuses to update a row twice at once.
    last = {(one.person, one.subject, one.kind): one for one in decisions}
    return [(one, write_lines(one.lines)) for one in last.values()]
