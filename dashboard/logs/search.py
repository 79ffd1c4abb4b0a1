"""Looking for lines among those that are kept, in bounded time."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter

import re2
from django.db.models import QuerySet
from msgspec import structs

from dashboard.logs.lines import LEVELS, Line, bits, levels_from, unpack
from dashboard.models import IngestSource, LogBatch
from dashboard.models.ingest import OWN
from realtime_project.live.codes import ErrorCode, LiveError

SECONDS = 2.0
"""A search goes on for so long; then it says how far it came, and can be asked to go on."""
MAX_PATTERN = 500
PATTERN_BYTES = 1024 * 1024
"""What a pattern may take when it is compiled."""
MOST_BYTES = 4 * 1024 * 1024
"""Of texts that are found at once, beside how many lines they are: one may have 8 KiB."""
BATCHES_AT_ONCE = 50
BESIDE = 10
Stored = tuple[int, bytes | memoryview]
"""A batch: its rev, and its lines as they are kept."""


@dataclass(frozen=True)
class Wanted:
    """Which lines: those of a level or worse, of a source, with a text, that match a pattern."""

    level: str = ""
    source: str = ""
    text: str = ""
    regex: str = ""
    since: float | None = None
    until: float | None = None


class NumberedLine(Line, frozen=True):
    """A line with the rev of the batch in which it came."""

    rev: int = 0


@dataclass
class Found:
    """Lines, the oldest first. With `before` a search can go on from there, whether or not it was
    its time that was up (`is_partial`); without it there is nothing older. For a search onwards
    the same is said by `after`."""

    lines: list[NumberedLine] = field(default_factory=list)
    before: int | None = None
    after: int | None = None
    is_partial: bool = False


def search(batches: QuerySet[LogBatch], wanted: Wanted, *, before: int | None, limit: int) -> Found:
    """Return the newest lines that are wanted, older than a rev: at least `limit` where there are
    as many, all of the last batch. Raises LiveError for a pattern that is none."""
    newest_first = _in_order(_narrowed(batches, wanted), "-rev", rev__lt=before)
    pages, reached, is_partial = _looked_through(newest_first, wanted, limit)
    lines = [line for page in reversed(pages) for line in page]
    return Found(lines, before=reached, is_partial=is_partial)


def search_on(batches: QuerySet[LogBatch], wanted: Wanted, *, after: int, limit: int) -> Found:
    """The same onwards: the oldest lines that are wanted, newer than a rev."""
    oldest_first = _in_order(_narrowed(batches, wanted), "rev", rev__gt=after)
    pages, reached, is_partial = _looked_through(oldest_first, wanted, limit)
    lines = [line for page in pages for line in page]
    return Found(lines, after=reached, is_partial=is_partial)


def _looked_through(
    batches: Iterator[Stored], wanted: Wanted, limit: int
) -> tuple[list[list[NumberedLine]], int | None, bool]:
    """Return pages of lines that are wanted, how far they reach (nothing where there is no more),
    and whether the time was up."""
    deadline = time.monotonic() + SECONDS
    matches = _matcher(wanted)
    pages: list[list[NumberedLine]] = []
    count = size = 0
    for rev, body in batches:
        pages.append(_numbered(rev, filter(matches, unpack(bytes(body)))))
        count += len(pages[-1])
        size += sum(len(line.text) for line in pages[-1])
        is_partial = time.monotonic() > deadline
        if count >= limit or size >= MOST_BYTES or is_partial:
            return pages, rev, is_partial
    return pages, None, False


@dataclass(frozen=True)
class Chosen:
    """Batches that hold what is wanted, the oldest first; whether there are no older ones."""

    revs: list[int]
    is_whole: bool

    @property
    def parts(self) -> Iterator[list[int]]:
        """Yield them in parts, each of which is read at once."""
        for start in range(0, len(self.revs), BATCHES_AT_ONCE):
            yield self.revs[start : start + BATCHES_AT_ONCE]


def choose(batches: QuerySet[LogBatch], wanted: Wanted, *, lines: int, size: int) -> Chosen:
    """Return where the newest lines stand that are wanted, about so many and of so much text.
    Raises LiveError for a pattern that is none."""
    deadline = time.monotonic() + SECONDS
    matches = _matcher(wanted)
    revs: list[int] = []
    for rev, body in _in_order(_narrowed(batches, wanted), "-rev", rev__lt=None):
        if found := [len(line.text) for line in filter(matches, unpack(bytes(body)))]:
            revs.append(rev)
            lines, size = lines - len(found), size - sum(found)
        if lines <= 0 or size <= 0 or time.monotonic() > deadline:
            return Chosen(revs[::-1], is_whole=False)
    return Chosen(revs[::-1], is_whole=True)


def lines_in(batches: QuerySet[LogBatch], wanted: Wanted, revs: Collection[int]) -> list[Line]:
    """Return what is wanted of some batches, in their order."""
    matches = _matcher(wanted)
    found = batches.filter(rev__in=revs).order_by("rev").values_list("body", flat=True)
    return [line for body in found for line in unpack(bytes(body)) if matches(line)]


def around(batches: QuerySet[LogBatch], rev: int, at: float, *, limit: int) -> list[NumberedLine]:
    """Return the lines beside one, which is found by its rev and its time."""
    before = batches.filter(rev__lte=rev).order_by("-rev").values_list("rev", "body")
    after = batches.filter(rev__gt=rev).order_by("rev").values_list("rev", "body")
    near = sorted([*before[:BESIDE], *after[:BESIDE]], key=itemgetter(0))
    lines = [line for own, body in near for line in _numbered(own, unpack(bytes(body)))]
    places = [place for place, line in enumerate(lines) if (line.rev, line.at) == (rev, at)]
    middle = places[len(places) // 2] if places else len(lines) // 2
    start = max(0, middle - limit // 2)
    return lines[start : start + limit]


def _numbered(rev: int, lines: Iterable[Line]) -> list[NumberedLine]:
    return [NumberedLine(**structs.asdict(line), rev=rev) for line in lines]


def narrowed_to(batches: QuerySet[LogBatch], source: str) -> QuerySet[LogBatch]:
    """Return those of a source, of the installation itself, or all where none is named."""
    if source == OWN:
        return batches.filter(source=None)
    if source:
        return batches.filter(source__in=IngestSource.objects.filter(slug=source))
    return batches


def _in_order(batches: QuerySet[LogBatch], order: str, **beyond: int | None) -> Iterator[Stored]:
    [(bound, place)] = beyond.items()
    while True:
        page = batches if place is None else batches.filter(**{bound: place})
        rows = list(page.order_by(order).values_list("rev", "body")[:BATCHES_AT_ONCE])
        yield from rows
        if len(rows) < BATCHES_AT_ONCE:
            return
        place = rows[-1][0]


def _narrowed(batches: QuerySet[LogBatch], wanted: Wanted) -> QuerySet[LogBatch]:
    """Leave those out that can hold nothing of it, which need not be opened then."""
    if wanted.level:
        least = bits(levels_from(_known_level(wanted.level)))
        # One of the bits: their sum is a number that holds it.
        batches = batches.filter(levels__gte=least & -least)
    batches = narrowed_to(batches, wanted.source)
    if wanted.since is not None:
        batches = batches.filter(last__gte=wanted.since)
    if wanted.until is not None:
        batches = batches.filter(first__lt=wanted.until)
    return batches


def _matcher(wanted: Wanted) -> Callable[[Line], bool]:
    levels = levels_from(_known_level(wanted.level)) if wanted.level else LEVELS
    text = wanted.text.casefold()
    pattern = compiled(wanted.regex) if wanted.regex else None

    def matches(line: Line) -> bool:
        return (
            line.level in levels
            and (wanted.since is None or line.at >= wanted.since)
            and (wanted.until is None or line.at < wanted.until)
            and text in line.text.casefold()
            and (pattern is None or pattern.search(line.text) is not None)
        )

    return matches


def compiled(pattern: str) -> "re2._Regexp":
    """Return a pattern, whatever its case. Raises LiveError for one that is none.

    RE2 takes time in proportion to the text, whatever the pattern, and refuses patterns that take
    too much memory. Python's own can take years for one line, and holds everything up meanwhile:
    a time limit could not even interrupt it.
    """
    if len(pattern) > MAX_PATTERN:
        raise LiveError(ErrorCode.INVALID, f"A pattern has at most {MAX_PATTERN} characters.")
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = PATTERN_BYTES
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        told = error.args[0] if error.args else ""
        detail = told.decode(errors="replace") if isinstance(told, bytes) else str(told)
        raise LiveError(ErrorCode.INVALID, f"That is no pattern: {detail}") from error


def _known_level(level: str) -> str:
    if level not in LEVELS:
        raise LiveError(ErrorCode.INVALID, f"The level is one of {', '.join(LEVELS)}.")
    return level
