"""A page that shows an inbox, by the rules of the protocol, over a socket that may break."""

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

import msgspec

from notifications.models import Announcements, Inbox
from realtime_project.accounts.models import User
from realtime_project.live.database import in_database
from realtime_project.live.views import read_state
from tests.sockets import Socket, connected

TOPICS = ("inbox", "announcements")
PATIENCE = 3
Row = dict[str, Any]


class Page:
    """What one tab holds: rows by name, a cursor for each topic, and the badges as told."""

    def __init__(self, person: User, session: str) -> None:
        self.person = person
        self.session = session
        self.rows: dict[str, Row] = {}
        self.cursors: dict[str, int | None] = dict.fromkeys(TOPICS)
        self.counts: dict[str, int] = {}
        self.asked = 0
        """How often it had to ask for its counts."""
        self.turn = asyncio.Lock()
        """Who uses this page waits for who does already."""
        self._stack = AsyncExitStack()
        self._read = 0

    async def connect(self) -> None:
        self.socket: Socket = await self._stack.enter_async_context(
            connected(self.person, session=self.session)
        )
        self._read = 0
        answer = await self.socket.ask("subscribe", topics=self.cursors)
        self._assign(answer["inbox"]["counts"])

    async def leave(self) -> None:
        """Lose the socket, with what was written to it and not read."""
        await self._stack.aclose()

    async def settle(self) -> None:
        """Read until this page holds what the database does."""
        revs = await in_database(_revs, self.person.pk)
        while self.cursors != revs:
            await self.read()
            if self.cursors != revs:
                complaint = f"it stands at {self.cursors}, and everybody else at {revs}"
                await self.socket.until(self._has_more, complaint)
        if self._is_stale and not await self._hears_counts():
            self.asked += 1
            self._assign(await self.socket.ask("inbox.counts", "inbox"))

    async def _hears_counts(self) -> bool:
        """Give the server time to tell the counts by itself, as any page does: of announcements it
        tells them a moment later, once for all that come in quick succession."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._is_stale:
                    await self.socket.until(self._has_more, "no counts came")
                    await self.read()
        return not self._is_stale

    async def read(self) -> None:
        """Apply every frame that has arrived."""
        while self._read < len(self.socket.frames):
            frame = self.socket.frames[self._read]
            self._read += 1
            if frame.get("reset"):
                await self._load(frame["topic"])
            elif frame.get("event") == "counts":
                self._assign(frame["data"])
            elif "rows" in frame:
                self._apply(frame)

    def ids(self, kind: str) -> list[int]:
        return [row["id"] for row in self.rows.values() if row["kind"] == kind]

    def is_unread(self, row: Row) -> bool:
        """Whether it draws a notification as unread."""
        inbox = self.rows[f"inbox:{self.person.pk}"]
        return bool(row["place"] == "inbox" and row["unread_rev"] > inbox["read_until"])

    @property
    def _is_stale(self) -> bool:
        stamps = self.counts["inbox_rev"], self.counts["announcements_rev"]
        return stamps != tuple(self.cursors.values())

    def _has_more(self) -> bool | None:
        return len(self.socket.frames) > self._read or None

    async def _load(self, topic: str) -> None:
        state = await in_database(read_state, self.person.pk, topic)
        for row in state["rows"]:
            self._take(_plain(row))
        # What was shown before is gone, unless it came again.
        kinds = {"inbox": ("inbox", "notification", "mark"), "announcements": ("announcement",)}
        there = {_name(_plain(row)) for row in state["rows"]}
        for name in [name for name, row in self.rows.items() if row["kind"] in kinds[topic]]:
            if name not in there:
                del self.rows[name]
        self.cursors[topic] = state["rev"]
        if "counts" in state["extra"]:
            self._assign(_plain(state["extra"]["counts"]))

    def _apply(self, frame: dict[str, Any]) -> None:
        cursor = self.cursors[frame["topic"]]
        assert cursor is not None
        assert frame["from"] <= cursor, f"a hole before {frame}"
        if frame["rev"] > cursor:
            for row in frame["rows"]:
                self._take(row)
            self.cursors[frame["topic"]] = frame["rev"]

    def _take(self, row: Row) -> None:
        held = self.rows.get(_name(row))
        if held is None or held["rev"] < row["rev"]:
            self.rows[_name(row)] = row
            if row["kind"] == "inbox":
                self._assign({**row, "inbox_rev": row["rev"]})

    def _assign(self, told: dict[str, int]) -> None:
        counts = {name: told[name] for name in _COUNTS}
        stamps = "inbox_rev", "announcements_rev"
        if not self.counts or [counts[s] for s in stamps] >= [self.counts[s] for s in stamps]:
            self.counts = counts


_COUNTS = ("unseen", "unread", "inbox_rev", "announcements_rev")


def _revs(person: int) -> dict[str, int]:
    stream = Announcements.current()
    return {"inbox": Inbox.objects.get(pk=person).rev, "announcements": stream.rev}


def _name(row: Row) -> str:
    return f"{row['kind']}:{row['id']}"


def _plain(struct: Any) -> Row:
    plain: Row = msgspec.json.decode(msgspec.json.encode(struct))
    return plain
