"""What is read of logs: who may see which lines, what a cursor missed, the newest lines.

There are two streams that tell the same lines: that of all lines, for staff, and each source's own
for those who may see the source. So nobody's lines have to be taken out of what others are told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from dashboard.logs.lines import unpack
from dashboard.logs.protocol import LinesRow
from dashboard.models import IngestSource, Log, LogBatch
from realtime_project.accounts.models import User
from realtime_project.live import changes
from realtime_project.live.changes import Change
from realtime_project.live.cursor import Want
from realtime_project.live.topics import Access, State

FIRST_BATCHES = 12
"""As many batches are shown at first."""
REPLAYED = 40


@dataclass(frozen=True)
class Strand:
    """One of the streams, with the batches that belong to it by their revs there."""

    stream: Log | IngestSource
    batches: QuerySet[LogBatch]
    rev_field: str

    @property
    def key(self) -> str:
        return self.stream.key

    def rows(self, batches: QuerySet[LogBatch]) -> list[LinesRow]:
        """Return batches as they are told, the oldest first."""
        found = batches.order_by(self.rev_field).values_list(self.rev_field, "body")
        return [LinesRow(rev, rev, unpack(bytes(body))) for rev, body in found]


def all_lines() -> Strand:
    """Return the stream of all lines."""
    return Strand(Log.current(), LogBatch.objects.all(), "rev")


def lines_of(source: int) -> Strand:
    """Return the stream of a source's lines. Raises IngestSource.DoesNotExist."""
    found = IngestSource.objects.get(pk=source)
    return Strand(found, LogBatch.objects.filter(source=source), "source_rev")


def strand_of(key: str) -> Strand:
    """Return the stream of a key within the hub."""
    kind, _, number = key.partition(":")
    return all_lines() if kind == Log.kind else lines_of(int(number))


def may_see_all(person: int) -> bool:
    """Return whether somebody may see every line."""
    return User.objects.filter(pk=person, is_active=True, is_staff=True).exists()


def may_see(person: int, sources: Iterable[int]) -> set[int]:
    """Return of which sources somebody may see the lines."""
    viewer = User.objects.filter(pk=person, is_active=True).first()
    if viewer is None:
        return set()
    visible = IngestSource.objects.visible_to(viewer).filter(pk__in=list(sources))
    return set(visible.values_list("pk", flat=True))


def log_access(person: int, keys: Iterable[str]) -> dict[str, Access]:
    """Return what somebody may see of the stream of all lines."""
    if not may_see_all(person):
        return {}
    log = Log.current()
    return dict.fromkeys(keys, Access(log.rev, log.floor))


def source_access(person: int, keys: Iterable[str]) -> dict[str, Access]:
    """Return what somebody may see of sources' own streams."""
    wanted = {key: int(key.partition(":")[2]) for key in keys}
    # The revs first: a right that is taken away meanwhile is then newer than what is granted.
    revs = IngestSource.objects.in_bulk(wanted.values())
    seen = may_see(person, revs)
    return {key: Access(revs[pk].rev, revs[pk].floor) for key, pk in wanted.items() if pk in seen}


def changed(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what came after the revs given, as much as is read at once."""
    return {want: _changed(want) for want in wants}


def log_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the stream of all lines has come."""
    log = Log.current()
    return {log.key: (log.rev, None)}


def source_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far sources' own streams have come."""
    found = IngestSource.objects.filter(pk__in=[int(key.partition(":")[2]) for key in keys])
    return {one.key: (one.rev, None) for one in found}


def newest(strand: Strand) -> State:
    """Return the newest lines, as a page shows them at first."""
    rev = strand.stream.rev
    upto = strand.batches.filter(**{f"{strand.rev_field}__lte": rev})
    newest = upto.order_by(f"-{strand.rev_field}")[:FIRST_BATCHES]
    revs = sorted(newest.values_list(strand.rev_field, flat=True))
    rows = strand.rows(strand.batches.filter(**{f"{strand.rev_field}__in": revs}))
    has_older = bool(revs) and upto.filter(**{f"{strand.rev_field}__lt": revs[0]}).exists()
    return State(rev, list(rows), {"before": revs[0] if has_older else None})


def _changed(want: Want) -> Change:
    strand = strand_of(want.key)
    rev, floor = strand.stream.rev, strand.stream.floor
    if want.after < floor:
        return Change(want.key, want.after, rev, reset=True)
    field = strand.rev_field
    missed = strand.batches.filter(**{f"{field}__gt": want.after, f"{field}__lte": rev})
    first = list(missed.order_by(field).values_list(field, flat=True)[:REPLAYED])
    reached = first[-1] if len(first) == REPLAYED else rev
    rows = strand.rows(missed.filter(**{f"{field}__lte": reached}))
    return Change(
        want.key, want.after, reached, tuple(changes.row(row) for row in rows), latest=rev
    )
