"""What a page holds of one topic, by the rule of the protocol, and whether it was told rightly."""

from bisect import insort
from typing import Any

Frame = dict[str, Any]


class Reading:
    """The cursor of one topic, and each message that was drawn, in the order of drawing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.cursor = 0
        self.drawn: list[int] = []
        self.faults: list[str] = []
        self.is_over = False
        self._revs: dict[tuple[str, int], int] = {}
        self._told: int | None = None

    def begin(self) -> None:
        """Start on a new socket: nothing was told on it yet."""
        self._told = None

    def take(self, frame: Frame) -> bool:
        """Apply a changes frame. Returns False where it leaves a hole."""
        first, rev = frame["from"], frame["rev"]
        if self.is_over:
            self._fault(f"told {first} to {rev} after it was left")
        if self._told is not None and first != self._told:
            self._fault(f"told from {first} after {self._told} on one socket")
        self._told = rev
        if first > self.cursor:
            self._fault(f"a hole from {self.cursor} to {first}")
            return False
        if rev >= self.cursor:
            revs = [row["rev"] for row in frame["rows"]]
            if revs != sorted(revs) or any(not first < one <= rev for one in revs):
                self._fault(f"rows {revs} in a frame from {first} to {rev}")
            self.draw(frame["rows"])
            self.cursor = rev
        return True

    def reset(self, rev: int) -> None:
        """Take note that the state has to be loaded, as it is at `rev` or later."""
        self._told = rev

    def draw(self, rows: list[Frame]) -> None:
        """Draw rows that are newer than those held."""
        for row in rows:
            key = row["kind"], row["id"]
            if row["rev"] <= self._revs.get(key, 0):
                continue
            is_new = key not in self._revs
            self._revs[key] = row["rev"]
            if row["kind"] == "message" and is_new:
                self._draw_message(row)

    def _draw_message(self, row: Frame) -> None:
        # One that was edited before it was heard of comes with its last rev.
        if row["rev"] == row["seq"] and self.drawn and row["seq"] <= self.drawn[-1]:
            self._fault(f"message {row['seq']} was drawn after {self.drawn[-1]}")
        insort(self.drawn, row["seq"])

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.name}: {what}")
