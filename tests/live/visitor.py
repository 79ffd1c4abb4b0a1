"""A browser tab of somebody with a session, which comes to one worker or the other."""

import asyncio
from typing import Any

from realtime_project.live import handshake, subscribing
from realtime_project.live.connection import Connection
from tests.live.clients import Page, WatchedWire
from tests.live.fleet import Fleet, Process
from tests.live.installation import CONTROL, Installation
from tests.live.rows import ROOM
from tests.live.watcher import Watcher


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


class Visitor(Watcher):
    """One tab with a session, which can be taken away."""

    page: VisitorsPage

    def __init__(self, fleet: Fleet, person: int) -> None:
        self.fleet = fleet
        self.there = fleet.installation
        super().__init__(self.there, person, VisitorsPage(self.there, person))
        self.wire.is_open = False
        self.session = self.there.of_person[person]
        self.process: Process | None = None
        self._known_of_control = 0
        self._granted = 0
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
        self.process = process
        self._open_wire()
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

    def take(self, frame: dict[str, Any]) -> None:
        super().take(frame)
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

    def check(self, frame: bytes, told: dict[str, Any]) -> None:
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
