"""Somebody who looks at every frame the moment it is written to them."""

from abc import ABC, abstractmethod
from typing import Any

from realtime_project.live.connection import Connection
from tests.live.clients import Page, WatchedWire
from tests.live.ledger import Ledger
from tests.live.rows import ROOM, parse


class Watcher(ABC):
    """One tab that holds a room: its page, its socket, and what may be written to it. What is
    against the rules is kept in `faults`: the hub would take it for a fault of the socket."""

    connection: Connection | None = None

    def __init__(self, ledger: Ledger, person: int, page: Page) -> None:
        self.ledger = ledger
        self.person = person
        self.page = page
        self.faults: list[AssertionError] = []
        self.is_subscribed = False
        self._told_until: int | None = None
        self._open_wire()

    def read(self, frames: int) -> None:
        """Let the page apply some of what was written."""
        for frame in self.wire.told[self._read :][:frames]:
            self.take(frame)
            self._read += 1

    def take(self, frame: dict[str, Any]) -> None:
        """Let the page apply a frame."""
        self.page.apply(frame)

    @abstractmethod
    def check(self, frame: bytes, told: dict[str, Any]) -> None:
        """Look at a frame that is being written."""

    def _open_wire(self) -> None:
        self.wire = WatchedWire(self._watch)
        self._read = 0

    def _watch(self, frame: bytes) -> None:
        try:
            self.check(frame, parse(frame))
        except AssertionError as error:
            self.faults.append(error)

    def _check_changes(self, frame: bytes, told: dict[str, Any]) -> None:
        assert told["from"] == self._told_until, f"{told} does not follow {self._told_until}"
        assert self.wire.is_writable, "changes were written although nobody reads"
        assert told["rev"] <= self.ledger.rev, "the hub is ahead of the database"
        self._told_until = told["rev"]
        for row in told["rows"]:
            assert row["rev"] > told["from"], f"{row} was told before"
            assert self.ledger.may_see(self.person, row), f"{row} is not for {self.person}"
            assert self.ledger.has_written(row), f"{row} is of no history, or another one"
        for text, rev in self.ledger.forgotten.items():
            if self._hub_knows(rev):
                assert text.encode() not in frame, f"“{text}” was gone with {rev}"

    def _hub_knows(self, rev: int) -> bool:
        """Whether what happened with `rev` has passed, and is not forgotten again."""
        assert self.connection is not None
        found = self.connection.hub._feeds[ROOM]
        return found.ring.since < rev <= found.rev or rev <= found._floor
