"""One client's place in one stream."""

from collections.abc import Set
from typing import TYPE_CHECKING

from realtime_project.live import metrics
from realtime_project.live.changes import (
    Change,
    Row,
    change_frames,
    encode,
    event_frame,
    reset_frame,
)
from realtime_project.live.cursor import MAX_REPLAY_ROWS

if TYPE_CHECKING:
    from realtime_project.live.transport import Transport


NOTHING = -1
"""The cursor of who has to load the state first."""


class Subscription:
    """What a client has of a topic, and what it may see of it.

    It is registered with the hub before its rights are read, and told nothing until then:
    `pending` keeps what changes rights in between, so that a removal cannot slip through.
    """

    __slots__ = (
        "_follows",
        "_stale",
        "cursor",
        "granted",
        "is_live",
        "is_loading",
        "is_over",
        "max_replay_rows",
        "pending",
        "person",
        "since",
        "topic",
        "transport",
    )

    def __init__(self, topic: str, person: int, transport: "Transport") -> None:
        self.topic = topic
        self.person = person
        self.transport = transport
        self.max_replay_rows = MAX_REPLAY_ROWS
        self.cursor = 0
        self.since = 0
        # The rev at which its rights were read: only what is newer changes them.
        self.granted = 0
        self.is_live = False
        self.is_loading = False
        self.is_over = False
        self.pending: list[Row] = []
        # Sets of their own only for the few that follow anything: there are three for each socket.
        self._follows: set[str] | None = None
        self._stale: set[str] | None = None

    @property
    def follows(self) -> Set[str]:
        """The streams whose heads it hears."""
        return self._follows or frozenset()

    def follow(self, key: str) -> None:
        """Note that it hears of a stream."""
        if self._follows is None:
            self._follows = set()
        self._follows.add(key)

    def unfollow(self, key: str) -> None:
        """Note that it hears of a stream no longer."""
        for streams in (self._follows, self._stale):
            if streams is not None:
                streams.discard(key)

    def miss(self, key: str) -> None:
        """Note that it could not take the last head of a stream."""
        if self._stale is None:
            self._stale = set()
        self._stale.add(key)

    def take_missed(self) -> Set[str]:
        """Return the streams whose last head it could not take, and forget them."""
        missed, self._stale = self._stale, None
        return missed or frozenset()

    def is_behind(self, rev: int) -> bool:
        """Whether there is something to tell, and it can be told now."""
        return (
            self.is_live
            and not self.is_loading
            and self.cursor < rev
            and self.transport.is_writable
        )

    def grant_anew(self, rev: int, *, since: int) -> None:
        """Go on with rights of `rev`. Who came back to a history that begins elsewhere holds rows
        of the one before: these go when the state is loaded."""
        self.granted = rev
        if since != self.since:
            self.since = since
            self.cursor = NOTHING

    def tell(self, change: Change, encoded: list[tuple[int, bytes]] | None = None) -> bool:
        """Write what a change holds for this client, as far as the transport takes it, and
        return whether it took all of it.

        `encoded` are the frames of the whole change for a client that is exactly at its start.
        When the transport is congested it stops at the cursor that it reached; the hub replays
        the rest once the transport drains.
        """
        if not self.is_live or change.rev <= self.cursor:
            return False
        if change.reset or len(change.rows) > self.max_replay_rows:
            self.reset(change.rev)
            return False
        # Nothing is hidden from most, and a fan-out comes by here for each of thousands.
        whole = None if self.since else encoded
        for reached, frame in whole or self._frames(change, encoded):
            if not self.transport.take(frame):
                return False
            self.cursor = reached
        return True

    def reset(self, rev: int) -> None:
        """Tell the client to load the state, and go on from `rev`."""
        metrics.resets.n += 1
        self.transport.write(reset_frame(self.topic, rev))
        self.cursor = rev

    def end(self, code: str) -> None:
        """Say that this topic is over for this client; nothing of it is written afterwards."""
        if self.is_live:
            self.is_live = False
            self.is_over = True
            self.transport.write(event_frame(self.topic, "left", encode({"code": code})))

    def _frames(
        self, change: Change, encoded: list[tuple[int, bytes]] | None
    ) -> list[tuple[int, bytes]]:
        visible = tuple(row for row in change.rows if not self._hides(row))
        if encoded is not None and len(visible) == len(change.rows):
            return encoded
        return change_frames(self.topic, self.cursor, change.rev, visible)

    def _hides(self, row: Row) -> bool:
        return row.seq is not None and row.seq < self.since
