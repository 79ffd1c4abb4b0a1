"""Keeping the reasons of decisions for a while."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models.functions import Now

from notifications.decision import Line
from notifications.models import Trace
from notifications.notices import store
from notifications.traces.stored import write_lines
from realtime_project.live.inserting import Insertion

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
    # A later one of the same is what stays; PostgreSQL refuses to update a row twice at once.
    last = {(one.person, one.subject, one.kind): one.lines for one in decisions}
    # A thousand people have a handful of reasons between them: each is written once.
    distinct = {id(lines): lines for lines in last.values()}
    written = {place: store(write_lines(lines)) for place, lines in distinct.items()}
    rows = [(*about, written[id(lines)]) for about, lines in last.items()]
    for start in range(0, len(rows), MAX_AT_ONCE):
        _KEPT.store(rows[start : start + MAX_AT_ONCE])


def forget_old() -> int:
    """Delete some of the traces that are older than two weeks; returns how many there were."""
    old = Trace.objects.filter(decided__lt=Now() - KEPT).order_by("decided")
    found = list(old.values_list("pk", flat=True)[:MAX_AT_ONCE])
    Trace.objects.filter(pk__in=found).delete()
    return len(found)


_KEPT = Insertion(
    Trace,
    ["person", "subject", "kind", "lines"],
    unique=["person", "subject", "kind"],
    replaces=["decided", "lines"],
)
