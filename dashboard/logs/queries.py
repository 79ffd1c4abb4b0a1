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
    """One of the streams, with the batches that belong to it."""

    stream: Log | IngestSource
    batches: QuerySet[LogBatch]


def all_lines() -> Strand:
    """Return the stream of all lines."""
    return Strand(Log.current(), LogBatch.objects.all())


def lines_of(slug: str) -> Strand:
    """Return the stream of a source's lines. Raises IngestSource.DoesNotExist."""
    found = IngestSource.objects.get(slug=slug)
    return Strand(found, LogBatch.objects.filter(source=found))


def strand_of(key: str) -> Strand:
    """Return the stream of a key within the hub."""
    kind, _, name = key.partition(":")
    return all_lines() if kind == Log.kind else lines_of(name)


def may_see_all(person: int) -> bool:
    """Return whether somebody may see every line."""
    return User.objects.filter(pk=person, is_active=True, is_staff=True).exists()


def may_see(person: int, slugs: Iterable[str]) -> set[str]:
    """Return of which sources somebody may see the lines."""
    viewer = User.objects.filter(pk=person, is_active=True).first()
    if viewer is None:
        return set()
    visible = IngestSource.objects.visible_to(viewer).filter(slug__in=list(slugs))
    return set(visible.values_list("slug", flat=True))


def log_access(person: int, keys: Iterable[str]) -> dict[str, Access]:
    """Return what somebody may see of the stream of all lines."""
    if not may_see_all(person):
        return {}
    log = Log.current()
    return dict.fromkeys(keys, Access(log.rev, log.floor))


def source_access(person: int, keys: Iterable[str]) -> dict[str, Access]:
    """Return what somebody may see of sources' own streams."""
    wanted = list(keys)
    # The revs first: a right that is taken away meanwhile is then newer than what is granted.
    sources = {one.key: one for one in _sources(wanted)}
    seen = may_see(person, [one.slug for one in sources.values()])
    return {key: Access(one.rev, one.floor) for key, one in sources.items() if one.slug in seen}


def changed(wants: Sequence[Want]) -> dict[Want, Change]:
    """Return what came after the revs given, as much as is read at once."""
    return {want: _changed(want) for want in wants}


def log_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the stream of all lines has come."""
    log = Log.current()
    return {log.key: (log.rev, None)}


def source_revs(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far sources' own streams have come."""
    return {one.key: (one.rev, None) for one in _sources(keys)}


def newest(strand: Strand) -> State:
    """Return the newest lines, as a page shows them at first."""
    rev = strand.stream.rev
    found = strand.batches.filter(rev__lte=rev).order_by("-rev").values_list("rev", "body")
    rows = _rows(found[: FIRST_BATCHES + 1])
    shown = list(reversed(rows[:FIRST_BATCHES]))
    return State(rev, list(shown), {"before": shown[0].rev if len(rows) > len(shown) else None})


def _changed(want: Want) -> Change:
    strand = strand_of(want.key)
    rev, floor = strand.stream.rev, strand.stream.floor
    if want.after < floor:
        return Change(want.key, want.after, rev, reset=True)
    missed = strand.batches.filter(rev__gt=want.after, rev__lte=rev).order_by("rev")
    rows = _rows(missed.values_list("rev", "body")[:REPLAYED])
    reached = rows[-1].rev if len(rows) == REPLAYED else rev
    return Change(want.key, want.after, reached, tuple(map(changes.row, rows)), latest=rev)


def _rows(found: Iterable[tuple[int, bytes | memoryview]]) -> list[LinesRow]:
    return [LinesRow(rev, rev, unpack(bytes(body))) for rev, body in found]


def _sources(keys: Iterable[str]) -> QuerySet[IngestSource]:
    return IngestSource.objects.filter(slug__in=[key.partition(":")[2] for key in keys])
