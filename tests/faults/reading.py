"""What a page holds of one topic, by the rule of the protocol, and whether it was told rightly."""

from bisect import insort
from typing import Any

Frame = dict[str, Any]


class Reading:
    """The cursor of one topic, and where each message that was drawn stands, in the order of
    drawing."""

    draws = "message"

    def __init__(self, name: str) -> None:
        self.name = name
        self.cursor = 0
        self.drawn: list[Any] = []
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
            # A frame that more follow may end in the middle of a rev, which it does not claim.
            last = rev + frame.get("more", False)
            if revs != sorted(revs) or any(not first < one <= last for one in revs):
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
            if row["kind"] == self.draws and is_new:
                self._draw_new(row)

    def place(self, row: Frame) -> Any:
        """Where a row stands."""
        return row["seq"]

    def _draw_new(self, row: Frame) -> None:
        place = self.place(row)
        # One that was edited before it was heard of comes with its last rev.
        if row["rev"] == row["seq"] and self.drawn and place <= self.drawn[-1]:
            self._fault(f"{self.draws} {place} was drawn after {self.drawn[-1]}")
        insort(self.drawn, place)

    def _fault(self, what: str) -> None:
        self.faults.append(f"{self.name}: {what}")


class InboxReading(Reading):
    """The same of an inbox: what is told in one transaction has one seq."""

    draws = "notification"

    def __init__(self) -> None:
        super().__init__("inbox")
        self.badge = 0
        self._messages: dict[tuple[int, int], int] = {}

    @property
    def messages(self) -> list[int]:
        """The messages that it tells of."""
        return [self._messages[place] for place in self.drawn]

    def draw(self, rows: list[Frame]) -> None:
        super().draw(rows)
        for row in rows:
            if row["kind"] == "inbox":
                self.badge = row["unread"]
            elif row["kind"] == "notification":
                self._messages[self.place(row)] = row["message"]

    def place(self, row: Frame) -> tuple[int, int]:
        return row["seq"], row["id"]
