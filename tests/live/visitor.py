"""A browser tab of somebody with a session, which comes to one worker or the other."""

import asyncio
from typing import Any

from realtime_project.live import handshake, subscribing
from realtime_project.live.connection import Connection
from tests.live.clients import Page, WatchedWire
from tests.live.fleet import Fleet, Process
from tests.live.installation import CONTROL, Installation
from tests.live.rows import ROOM, parse


class VisitorsPage(Page):
    """What a page holds of the room, and the head of the lobby; of one epoch."""

    def __init__(self, there: Installation, person: int) -> None:
        super().__init__(there, person)
        self.there = there
        self.epoch: str | None = None
        self.lobby = 0

    def meet(self, epoch: str) -> None:
        """Say hello to a worker. Of another history nothing means anything any more."""
        if self.epoch not in (None, epoch):
            self.cursor, self.rows, self.lobby = None, {}, 0
        self.epoch = epoch

    def apply(self, frame: dict[str, Any]) -> None:
        super().apply(frame)
        for head in frame.get("data", {}).get("heads", ()):
            self.lobby = max(self.lobby, head["rev"])

    def _load_state(self) -> None:
        # The state of another history is for the page after the next hello.
        if self.epoch == self.there.epoch:
            super()._load_state()
        else:
            self.cursor, self.rows = None, {}


class Visitor:
    """One tab: its session, its page, its socket, and a look at every frame that is written."""

    def __init__(self, fleet: Fleet, person: int) -> None:
        self.fleet = fleet
        self.there = fleet.installation
        self.person = person
        self.session = self.there.of_person[person]
        self.page = VisitorsPage(self.there, person)
        self.faults: list[AssertionError] = []
        self.process: Process | None = None
        self.connection: Connection | None = None
        self.wire = WatchedWire(self._watch)
        self.wire.is_open = False
        self.is_subscribed = False
        self._known_of_control = 0
        self._granted = 0
        self._told_until: int | None = None
        self._read = 0
        self._busy: asyncio.Future[None] | None = None

    @property
    def is_connected(self) -> bool:
        return self.wire.is_open

    @property
    def is_here(self) -> bool:
        return self.is_connected and self.is_subscribed

    def connect(self, process: Process) -> None:
        """Lose the socket, with what was written to it and not yet read, and come to a worker."""
        self.lose()
        self.process, self.wire, self._read = process, WatchedWire(self._watch), 0
        self._busy = self.fleet.run(process, self._open(process, self.wire))
        self.fleet.play()

    def lose(self) -> None:
        self.wire.abandon()
        self.is_subscribed = False
        if self.connection and self.process in self.fleet.processes:
            self.fleet.call(self.process, self.connection.end)
        self.connection = None

    def subscribe(self) -> None:
        """Subscribe again, on the same socket: its commands run one after the other."""
        if self.connection and self.process and self._busy and self._busy.done():
            self.read(10_000)
            self._busy = self.fleet.run(self.process, self._subscribe(self.connection))
            self.fleet.play()

    def drain(self) -> None:
        if self.process is not None:
            self.fleet.call(self.process, self.wire.drain)

    def read(self, frames: int) -> None:
        for frame in self.wire.told[self._read :][:frames]:
            self.page.apply(frame)
            self._read += 1
            held = self.page.cursor
            if held is not None and self.page.epoch == self.there.epoch:
                assert held <= self.there.rev, "the page is ahead of the database"

    # --- as the consumer does it ----------------------------------------------------------

    async def _open(self, process: Process, wire: WatchedWire) -> None:
        worker = process.worker
        try:
            await worker.start()
            self._known_of_control = len(self.there.revocations)
            admitted = await handshake._check_person(worker.hub, self.session)
        except (handshake.Refused, OSError):
            wire.abandon()
            return
        await self.fleet.database._turn()  # accepting takes a moment as well
        if not wire.is_open:
            return
        connection = Connection(worker.hub, wire, admitted.person, admitted.session, worker.epoch)
        if handshake.is_revoked(worker.hub, admitted):
            wire.abandon()
            connection.end()
            return
        self.connection = connection
        self.page.meet(worker.epoch)
        await self._subscribe(connection)

    async def _subscribe(self, connection: Connection) -> None:
        self.is_subscribed = False
        self._told_until = self.page.cursor
        try:
            await subscribing.subscribe(connection, 1, {ROOM: self.page.cursor})
        except OSError:
            self.wire.abandon()
            connection.end()

    # --- what is written ------------------------------------------------------------------

    def _watch(self, frame: bytes) -> None:
        # Kept, not raised: the hub would take it for a fault of the socket.
        try:
            self._check(frame, parse(frame))
        except AssertionError as error:
            self.faults.append(error)

    def _check(self, frame: bytes, told: dict[str, Any]) -> None:
        assert self.connection is not None
        if self.connection.epoch != self.there.epoch or told.get("event") == "goodbye":
            return
        if told.get("event") == "left":
            assert self.is_subscribed, "somebody who is not here was sent away"
            assert self._was_removed(), "somebody who is a member was sent away"
            self.is_subscribed = False
            return
        assert not self._is_revoked(), f"{told} came to somebody whose access was taken away"
        if "re" in told:
            self.is_subscribed = "rev" in told["ok"][ROOM]
            self._granted = told["ok"][ROOM].get("rev", 0)
            return
        assert self.is_subscribed, f"{told} came to somebody who is not here"
        assert not self._has_ended(self._hub_is_at(ROOM)), f"{told} came to who was removed"
        if told.get("reset"):
            self._told_until = told["rev"]
        elif "rows" in told:
            self._check_changes(frame, told)

    def _check_changes(self, frame: bytes, told: dict[str, Any]) -> None:
        assert told["from"] == self._told_until, f"{told} does not follow {self._told_until}"
        assert self.wire.is_writable, "changes were written although nobody reads"
        assert told["rev"] <= self.there.rev, "the hub is ahead of the database"
        self._told_until = told["rev"]
        for row in told["rows"]:
            assert row["rev"] > told["from"], f"{row} was told before"
            assert self.there.may_see(self.person, row), f"{row} is not for {self.person}"
            assert self.there.has_written(row), f"{row} is of no history, or another one"
        for text, rev in self.there.forgotten.items():
            if self._hub_knows(rev):
                assert text.encode() not in frame, f"“{text}” was gone with {rev}"

    def _is_revoked(self) -> bool:
        """Whether this socket's worker has heard that its session or its person was revoked."""
        heard = self.there.revocations[self._known_of_control : self._hub_is_at(CONTROL)]
        return any(
            one.session == self.session or (one.person == self.person and not one.session)
            for one in heard
            if not one.key
        )

    def _was_removed(self) -> bool:
        """Whether the membership with which this subscription was granted has ended, and the hub
        does not know that the person came back."""
        periods, known = self.there.periods[self.person], self._hub_is_at(ROOM)
        ends = [one.end for one in periods if one.end and one.end > self._granted]
        return any(all(not end < one.begin <= known for one in periods) for end in ends)

    def _has_ended(self, rev: int) -> bool:
        """Whether the membership with which this subscription was granted ended before a rev,
        and the person had not come back by then."""
        periods = self.there.periods[self.person]
        is_back = any(one.begin <= rev and (one.end or rev + 1) > rev for one in periods)
        return not is_back and any(self._granted < (one.end or 0) <= rev for one in periods)

    def _hub_is_at(self, key: str) -> int:
        assert self.connection is not None
        found = self.connection.hub._feeds.get(key)
        return found.rev if found else 0

    def _hub_knows(self, rev: int) -> bool:
        assert self.connection is not None
        found = self.connection.hub._feeds[ROOM]
        return found.ring.since < rev <= found.rev or rev <= found._floor
