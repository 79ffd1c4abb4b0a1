"""Cursors: what a client holds, what it may resume from, and in what order revs are delivered."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

from realtime_project.live.changes import Change

MAX_REPLAY_ROWS = 300
MAX_REPLAY_REVS = 300


class Counters(Protocol):
    """The counters of a stream, as they were read at one moment."""

    rev: int
    floor: int


class Want(NamedTuple):
    """Somebody wants to know what happened in a stream after a rev."""

    key: str
    after: int


def can_resume(cursor: int | None, *, floor: int, rev: int) -> bool:
    """Return whether a client with this cursor can be told what it missed.

    Not below the floor, where rows are gone for good, and not ahead of the database: such a
    cursor is of a future that a restored backup does not know.
    """
    return cursor is not None and floor <= cursor <= rev


def is_near(after: int, stream: Counters) -> bool:
    """Return whether it is worth reading what a stream holds after a rev: not below its floor,
    and not so much that loading the state is less work."""
    return stream.floor <= after and stream.rev - after <= MAX_REPLAY_REVS


def until(change: Change, rev: int) -> Change:
    """Return the part of a change up to a rev. A row that has changed since then is not in it."""
    if change.rev <= rev:
        return change
    rows = tuple(row for row in change.rows if row.rev <= rev)
    return msgspec.structs.replace(change, rev=rev, rows=rows)


class Sequence:
    """Puts the changes of one stream into their order.

    Transactions commit in the order of their revs, but the threads that announce them race. The
    next change passes, an old one is dropped, and one that lies ahead waits for those between.
    """

    MAX_HELD = 1000

    def __init__(self, rev: int) -> None:
        self.rev = rev
        self._held: dict[int, Change] = {}

    @property
    def has_gap(self) -> bool:
        """Whether something is held back because what comes before it is missing."""
        return bool(self._held)

    @property
    def held(self) -> list[Change]:
        """What is held back."""
        return list(self._held.values())

    def drop(self, changes: Iterable[Change]) -> None:
        """Give up what was held back."""
        for change in changes:
            if self._held.get(change.after) is change:
                del self._held[change.after]

    def take(self, change: Change) -> Iterator[Change]:
        """Yield the changes that may be delivered now, in order."""
        if change.rev <= self.rev:
            return
        if change.after > self.rev:
            self._hold(change)
            return
        yield self._pass(change)
        while self._held and (after := min(self._held)) <= self.rev:
            waiting = self._held.pop(after)
            if waiting.rev > self.rev:
                yield self._pass(waiting)

    def _pass(self, change: Change) -> Change:
        # What was read from the database may begin before what is known already.
        if change.after < self.rev:
            rows = tuple(row for row in change.rows if row.rev > self.rev)
            change = msgspec.structs.replace(change, after=self.rev, rows=rows)
        self.rev = change.rev
        return change

    def _hold(self, change: Change) -> None:
        held = self._held.get(change.after)
        if held is None or held.rev < change.rev:
            self._held[change.after] = change
        if len(self._held) > self.MAX_HELD:
            # The database has it all: what is dropped here comes back when the gap is filled.
            del self._held[max(self._held)]
