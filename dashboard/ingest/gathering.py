"""What a request brought, by series and second. Pure.

Twenty thousand numbers a second come through here: each costs a look-up and a few comparisons,
and what is stored afterwards is one point for each series and second.
"""

from typing import NamedTuple

from dashboard.storage.points import bucket

KINDS = ("gauge", "counter", "histogram")

OLDEST_SECONDS = 400 * 86_400
"""How long ago something may have been, which is told only now: as long as anything is kept. What
is older than a tier keeps it stands in the coarser ones alone."""
MOST_NUMBERS = 100_000
"""So many come in one request: of each something is held until all are stored."""
AHEAD_SECONDS = 60
"""How much a clock may be ahead of ours."""

Fields = list[tuple[str, float]]


class Head:
    """What numbers are about: a name, labels in their order, and what kind of numbers they are.
    The same head is mostly the same object, so that it is compared, and hashed, as an object."""

    __slots__ = ("kind", "labels", "name", "unit")

    def __init__(
        self, name: str, labels: tuple[tuple[str, str], ...], kind: str = "gauge", unit: str = ""
    ) -> None:
        self.name = name
        self.labels = labels
        self.kind = kind
        self.unit = unit


class Place(NamedTuple):
    """Of what, and when: a head, a field of it, and the second."""

    head: Head
    field: str
    second: int

    @property
    def name(self) -> str:
        """What its series is called. A field that is called “value” adds nothing to its name."""
        name = self.head.name
        return name if self.field == "value" else f"{name}.{self.field}"


class Cell:
    """The numbers of one series within one second."""

    __slots__ = ("buckets", "count", "last", "last_at", "max", "min", "sum")

    def __init__(self, number: float, at: int, *, has_buckets: bool) -> None:
        self.count = 1
        self.sum = self.min = self.max = self.last = number
        self.last_at = at
        self.buckets: dict[int, int] | None = {bucket(number): 1} if has_buckets else None


class Gathering:
    """Numbers as they come, put together by series and second. Told the time in nanoseconds,
    which is that of whatever does not say its own."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._oldest = now - OLDEST_SECONDS * 1_000_000_000
        self._latest = now + AHEAD_SECONDS * 1_000_000_000
        self.cells: dict[tuple[Head, str, int], Cell] = {}
        self.count = 0
        self.repeated = 0
        """So many of them were counted before, and are not among the cells."""
        self.is_timed = True
        """Whether each line said when that was."""

    def add(self, head: Head, fields: Fields, at: int | None) -> bool:
        """Take numbers of one moment in; returns whether that moment can be stored."""
        if at is None:
            at = self._now
            self.is_timed = False
        elif not self._oldest <= at <= self._latest:
            return False
        second = at // 1_000_000_000
        cells = self.cells
        for field, number in fields:
            self.count += 1
            key = (head, field, second)
            cell = cells.get(key)
            if cell is None:
                cells[key] = Cell(number, at, has_buckets=head.kind == "histogram")
                continue
            cell.count += 1
            cell.sum += number
            if number < cell.min:
                cell.min = number
            elif number > cell.max:
                cell.max = number
            # Of two that say the same time the later line is the last.
            if at >= cell.last_at:
                cell.last, cell.last_at = number, at
            if cell.buckets is not None:
                index = bucket(number)
                cell.buckets[index] = cell.buckets.get(index, 0) + 1
        return True

    def forget(self) -> None:
        """Let go of what was gathered so far, which was counted before."""
        self.cells.clear()
        self.repeated = self.count
