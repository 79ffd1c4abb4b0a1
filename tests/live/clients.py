"""Clients without a socket: the wire that the hub writes to, and a page that reads from it."""

from collections.abc import Callable
from typing import Any

from realtime_project.live.codes import CloseCode
from realtime_project.live.transport import Transport
from tests.live.ledger import Ledger
from tests.live.rows import parse


class Wire(Transport):
    """Keeps what is written, and is congested when the test says so."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.is_congested = False
        self.closed_with: CloseCode | None = None

    @property
    def is_writable(self) -> bool:
        return self.is_open and not self.is_congested

    @property
    def told(self) -> list[dict[str, Any]]:
        return [parse(frame) for frame in self.frames]

    def write(self, frame: bytes) -> None:
        if self.is_open:
            self.frames.append(frame)

    def close(self, code: CloseCode, reason: str) -> None:
        self.is_open = False
        self.closed_with = code

    def abandon(self) -> None:
        self.is_open = False

    def drain(self) -> None:
        self.is_congested = False
        self.on_writable()


class WatchedWire(Wire):
    """A wire that looks at each frame the moment it is written."""

    def __init__(self, watch: Callable[[bytes], None]) -> None:
        super().__init__()
        self._watch = watch

    def write(self, frame: bytes) -> None:
        if self.is_open:
            self._watch(frame)
        super().write(frame)


class Page:
    """What a page holds of a room, by the rules of the protocol."""

    def __init__(self, ledger: Ledger, person: int) -> None:
        self.person = person
        self.cursor: int | None = None
        self.rows: dict[str, dict[str, Any]] = {}
        self._ledger = ledger

    def apply(self, frame: dict[str, Any]) -> None:
        if frame.get("reset"):
            self._load_state()
        elif frame.get("event") == "left":
            self.cursor, self.rows = None, {}
        elif "rows" in frame and self.cursor is not None:
            self._apply_changes(frame)

    def _load_state(self) -> None:
        if self._ledger.is_member(self.person):
            self.cursor, self.rows = self._ledger.rev, self._ledger.visible_to(self.person)
        else:
            self.cursor, self.rows = None, {}

    def _apply_changes(self, frame: dict[str, Any]) -> None:
        assert self.cursor is not None
        assert frame["from"] <= self.cursor, f"a hole before {frame}"
        if frame["rev"] < self.cursor:
            return
        for row in frame["rows"]:
            name = f"{row['kind']}:{row['id']}"
            if name not in self.rows or self.rows[name]["rev"] < row["rev"]:
                self.rows[name] = row
        self.cursor = frame["rev"]
