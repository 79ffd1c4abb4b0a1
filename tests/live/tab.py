"""A browser tab that holds one room, and looks at every frame the moment it is written."""

import asyncio
from typing import TYPE_CHECKING, Any

from realtime_project.live import subscribing
from realtime_project.live.connection import Connection
from tests.live.clients import Page, WatchedWire
from tests.live.rows import ROOM, parse

if TYPE_CHECKING:
    from tests.live.test_hub_machine import World


class Tab:
    """One browser tab: its page, its socket, and what the hub may write to it."""

    def __init__(self, world: "World", person: int) -> None:
        self.world = world
        self.person = person
        self.page = Page(world.ledger, person)
        self.is_subscribed = False
        self._told_until: int | None = None
        self._asked_at = 0
        self._read = 0
        self._subscribing: asyncio.Task[None] | None = None
        self.connect()

    @property
    def is_busy(self) -> bool:
        return self._subscribing is not None and not self._subscribing.done()

    def connect(self) -> None:
        self.wire = WatchedWire(self._watch)
        self.connection = Connection(self.world.hub, self.wire, self.person, "session", "epoch")
        self._read = 0

    def reconnect(self) -> None:
        """Lose the socket, with what was written to it and not yet read, and come back."""
        self.wire.abandon()
        self.connection.end()
        self.connect()
        self.subscribe()

    def subscribe(self) -> None:
        self.read(10_000)
        self.is_subscribed = False
        self._told_until, self._asked_at = self.page.cursor, self.world.ledger.rev
        asked = subscribing.subscribe(self.connection, 1, {ROOM: self.page.cursor})
        self._subscribing = self.world.loop.create_task(asked)

    def read(self, frames: int) -> None:
        for frame in self.wire.told[self._read :][:frames]:
            self.page.apply(frame)
            self._read += 1

    def _watch(self, frame: bytes) -> None:
        # Kept, not raised: the hub would take it for a fault of the socket.
        try:
            self._check(frame, parse(frame))
        except AssertionError as error:
            self.world.faults.append(error)

    def _check(self, frame: bytes, told: dict[str, Any]) -> None:
        if "re" in told:
            self.is_subscribed = "rev" in told["ok"][ROOM]
            return
        assert self.is_subscribed, f"{told} came to somebody who is not here"
        if told.get("event") == "left":
            assert self._was_removed(), "somebody who is a member was sent away"
            self.is_subscribed = False
        elif told.get("reset"):
            self._told_until = told["rev"]
        else:
            self._check_changes(frame, told)

    def _check_changes(self, frame: bytes, told: dict[str, Any]) -> None:
        assert told["from"] == self._told_until, f"{told} does not follow {self._told_until}"
        assert self.wire.is_writable, "changes were written although nobody reads"
        self._told_until = told["rev"]
        for row in told["rows"]:
            assert self.world.ledger.may_see(self.person, row), f"{row} is not for {self.person}"
        for text, rev in self.world.ledger.forgotten.items():
            if self._hub_knows(rev):
                assert text.encode() not in frame, f"“{text}” was gone with {rev}"

    def _hub_knows(self, rev: int) -> bool:
        """Whether what happened with `rev` has passed, and is not forgotten again."""
        found = self.connection.hub._feeds[ROOM]
        return found.ring.since < rev <= found.rev or rev <= found._floor

    def _was_removed(self) -> bool:
        periods = self.world.ledger.periods[self.person]
        return any((period.end or 0) > self._asked_at for period in periods)
