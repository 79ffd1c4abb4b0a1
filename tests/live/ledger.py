"""A room in a few dictionaries: what the database would say, for tests without one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import msgspec

from realtime_project.live import changes
from realtime_project.live.changes import Change, Row
from realtime_project.live.cursor import Want
from realtime_project.live.topics import Access, StreamTopic
from tests.live.rows import ROOM


class Post(msgspec.Struct, frozen=True, tag_field="kind", tag="message"):
    """A message; without a text it is a tombstone."""

    id: int
    rev: int
    seq: int
    text: str


class Member(msgspec.Struct, frozen=True, tag_field="kind", tag="member"):
    """Somebody's membership: `since` when, as of `rev`."""

    id: int
    rev: int
    since: int
    active: bool


@dataclass
class Period:
    """A time for which somebody is in the room: from the rev `begin`, and until the rev `end`,
    which they do not see. They see what was written from `since` on."""

    begin: int
    since: int
    end: int | None = None


class Ledger:
    """The rows of one stream by name, as they are now, and who may see what of them."""

    MAX_REPLAY_ROWS = 6

    def __init__(self) -> None:
        self.rev = 0
        self.floor = 0
        self.rows: dict[str, Post | Member] = {}
        self.periods: dict[int, list[Period]] = {}
        self.forgotten: dict[str, int] = {}
        """Texts that were edited away, deleted or purged, and with which rev."""
        self.written: set[tuple[str, int, bytes]] = set()
        """Every version of every row that there ever was in this history."""

    # --- what happens ---------------------------------------------------------------------

    def write(self, edits: Iterable[int], posts: int) -> Change:
        """Post some messages and edit others, all in one rev."""
        self.rev += 1
        written = [self._change(one, f"edit {one} of {self._name()}.") for one in edits]
        return self._store([*written, *(self._post(n) for n in range(posts))])

    def gather(self, posts: int) -> Change:
        """Store posts in one transaction, each with a rev of its own."""
        before, written = self.rev, []
        for _ in range(posts):
            self.rev += 1
            written.append(self._post(0))
        return self._store(written, after=before)

    def delete(self, number: int) -> Change:
        self.rev += 1
        return self._store([self._change(number, "")])

    def purge(self, numbers: Iterable[int]) -> Change:
        """Delete messages for good."""
        self.rev += 1
        self.floor = self.rev
        for number in numbers:
            gone = self.rows.pop(f"message:{number}")
            assert isinstance(gone, Post)
            self.forgotten[gone.text] = self.rev
        return Change(ROOM, self.rev - 1, self.rev, reset=True)

    def join(self, person: int, *, sees_history: bool) -> Change:
        self.rev += 1
        since = 0 if sees_history else self.rev
        self.periods.setdefault(person, []).append(Period(self.rev, since))
        return self._store([Member(person, self.rev, since, active=True)])

    def remove(self, person: int) -> Change:
        self.rev += 1
        self.periods[person][-1].end = self.rev
        return self._store([Member(person, self.rev, 0, active=False)])

    # --- what is asked --------------------------------------------------------------------

    def messages(self) -> list[int]:
        """The numbers of the messages that have a text."""
        return [row.id for row in self.rows.values() if isinstance(row, Post) and row.text]

    def is_member(self, person: int) -> bool:
        return any(period.end is None for period in self.periods.get(person, ()))

    def may_see(self, person: int, row: dict[str, Any]) -> bool:
        """Whether a row, as it was written, belongs to a time when the person was here."""
        return any(
            row.get("seq", period.since) >= period.since
            and (period.end is None or row["rev"] < period.end)
            for period in self.periods.get(person, ())
        )

    def has_written(self, row: dict[str, Any]) -> bool:
        """Whether a row was at some time as a page was told it."""
        return (f"{row['kind']}:{row['id']}", row["rev"], changes.encode(row)) in self.written

    def visible_to(self, person: int) -> dict[str, dict[str, Any]]:
        """The state, as a page of this person loads it."""
        since = self.periods[person][-1].since
        return {
            name: msgspec.to_builtins(row)
            for name, row in self.rows.items()
            if isinstance(row, Member) or row.seq >= since
        }

    def access(self, person: int) -> Access | None:
        if not self.is_member(person):
            return None
        return Access(rev=self.rev, floor=self.floor, since=self.periods[person][-1].since)

    def changes_after(self, rev: int) -> Change:
        rows = sorted((row for row in self.rows.values() if row.rev > rev), key=lambda r: r.rev)
        if rev < self.floor or len(rows) > self.MAX_REPLAY_ROWS:
            # What changes rights is told also where the rest is not.
            rights = tuple(as_row(row) for row in rows if isinstance(row, Member))
            return Change(ROOM, rev, max(rev, self.rev), rights, reset=True)
        return Change(ROOM, rev, max(rev, self.rev), tuple(map(as_row, rows)))

    # --- within ---------------------------------------------------------------------------

    def _post(self, number: int) -> Post:
        text = f"post {number} of {self._name()}."
        return Post(1000 * self.rev + number, self.rev, self.rev, text)

    def _name(self) -> str:
        return f"{self.rev}"

    def _change(self, number: int, text: str) -> Post:
        before = self.rows[f"message:{number}"]
        assert isinstance(before, Post)
        self.forgotten[before.text] = self.rev
        return Post(before.id, self.rev, before.seq, text)

    def _store(self, rows: Sequence[Post | Member], after: int | None = None) -> Change:
        encoded = tuple(map(as_row, rows))
        self.rows |= {row.id: value for row, value in zip(encoded, rows, strict=True)}
        self.written |= {(row.id, row.rev, row.data) for row in encoded}
        return Change(ROOM, self.rev - 1 if after is None else after, self.rev, encoded)


def as_row(value: Post | Member) -> Row:
    if isinstance(value, Post):
        return changes.row(value, seq=value.seq)
    if value.active:
        return changes.row(value, begins=(value.id, value.since))
    return changes.row(value, ends=value.id)


class LedgerTopic(StreamTopic):
    """The topic consumer of a ledger."""

    ledger: ClassVar[Ledger]
    max_replay_rows = Ledger.MAX_REPLAY_ROWS

    @classmethod
    def key_for(cls, person: int, params: object) -> str:
        return ROOM

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        access = cls.ledger.access(person)
        return {ROOM: access} if access else {}

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return {want: cls.ledger.changes_after(want.after) for want in wants}
