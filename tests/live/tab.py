"""A browser tab that holds one room, and looks at every frame the moment it is written."""

import asyncio
from typing import TYPE_CHECKING, Any

from realtime_project.live import subscribing
from realtime_project.live.connection import Connection
from tests.live.clients import Page
from tests.live.rows import ROOM
from tests.live.watcher import Watcher

if TYPE_CHECKING:
    from tests.live.test_hub_machine import World


class Tab(Watcher):
    """One browser tab of somebody who may be here unless they were removed."""

    connection: Connection

    def __init__(self, world: "World", person: int) -> None:
        super().__init__(world.ledger, person, Page(world.ledger, person))
        self.world = world
        self._asked_at = 0
        self._subscribing: asyncio.Task[None] | None = None
        self.connect()

    @property
    def is_busy(self) -> bool:
        return self._subscribing is not None and not self._subscribing.done()

    def connect(self) -> None:
        self._open_wire()
        self.connection = Connection(self.world.hub, self.wire, self.person, "session", "epoch")

    def reconnect(self) -> None:
        """Lose the socket, with what was written to it and not yet read, and come back."""
        self.wire.abandon()
        self.connection.end()
        self.connect()
        self.subscribe()

    def subscribe(self) -> None:
        self.read(10_000)
        self.is_subscribed = False
        self._told_until, self._asked_at = self.page.cursor, self.ledger.rev
        asked = subscribing.subscribe(self.connection, 1, {ROOM: self.page.cursor})
        self._subscribing = self.world.loop.create_task(asked)

    def check(self, frame: bytes, told: dict[str, Any]) -> None:
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

    def _was_removed(self) -> bool:
        periods = self.ledger.periods[self.person]
        return any((period.end or 0) > self._asked_at for period in periods)
