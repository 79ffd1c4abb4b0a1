"""By what a request of numbers is known when it is sent again. Pure.

Who got no answer sends again: most the very same request, Telegraf the same lines with those behind
them that came meanwhile. So a request is looked up by its first line, and what was counted is told
by how many lines that were and by their digest. A sender may also say itself what it is known by.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from realtime_project.live.codes import ErrorCode, LiveError

RETRY_SECONDS = 1.0

Outcome = bool | LiveError
"""Whether a request was counted before, or why it is refused."""


@dataclass(frozen=True)
class Mark:
    """What is remembered of a request whose numbers are counted."""

    key: str
    """A digest: of the sender and the first line, or of what the sender calls it."""
    lines: int
    """How many it had; 0 where its sender says by what it is known."""
    fingerprint: str
    homeless: frozenset[str] = field(default=frozenset(), compare=False)
    """Names of series for which there was no room: that is told again."""


class Trace:
    """Follows a request while it is read: what it will be known by, and how much of it was counted
    before."""

    def __init__(self, options: str, known: Mark | None = None) -> None:
        self._digest = hashlib.sha256(options.encode())
        self._known = known
        self.lines = 0

    @property
    def cut(self) -> int:
        """Behind how many lines may lie what was not counted yet."""
        return self._known.lines if self._known else 0

    @property
    def fingerprint(self) -> str:
        """The digest of all up to here."""
        return self._digest.copy().hexdigest()

    def take(self, text: bytes, lines: int) -> bool:
        """Follow the next lines; returns whether all up to here was counted before."""
        if lines:
            self._digest.update(text + b"\n")
            self.lines += lines
        known = self._known
        return known is not None and (known.lines, known.fingerprint) == (
            self.lines,
            self.fingerprint,
        )


def key_of(who: str, options: str, line: bytes) -> str:
    """Return by what a request is looked up: of whom it is, how it is read, and its first line or
    what its sender calls it."""
    return hashlib.sha256(b"\n".join((who.encode(), options.encode(), line))).hexdigest()


def judge(
    sent: Sequence[tuple[Mark | None, Mark | None]], remembered: Mapping[str, Mark]
) -> list[Outcome]:
    """Say of requests, in their order, whether they were counted before. Each is told by its mark,
    if it can be known again, and by what was remembered when it was read. What is False is to be
    counted and remembered; nothing else is."""
    marks = dict(remembered)
    outcomes: list[Outcome] = []
    for mark, known in sent:
        outcome = _judged(mark, known, marks)
        if mark and outcome is False:
            marks[mark.key] = mark
        outcomes.append(outcome)
    return outcomes


def _judged(mark: Mark | None, known: Mark | None, marks: Mapping[str, Mark]) -> Outcome:
    there = marks.get(mark.key) if mark else None
    if mark is None or there is None:
        return False
    if there == mark:
        return True
    if not mark.lines:
        return LiveError(ErrorCode.INVALID, "This Idempotency-Key was used for something else.")
    if mark.lines == 1:
        # By its only line it was found.
        return True
    if there == known:
        # It was read with this in mind.
        return False
    return LiveError(
        ErrorCode.UNAVAILABLE,
        "What begins alike was stored while this was read: send it again.",
        retry_after=RETRY_SECONDS,
    )
