"""What is wrong with a line that somebody sent. Pure."""

from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

MOST_TOLD = 20
"""So many are told one by one; of the others it is told how many they are."""


class Reason(StrEnum):
    """Why something was refused: a closed set, by which it is counted."""

    SYNTAX = "syntax"
    VALUE = "value"
    TIME = "time"
    SIZE = "size"
    SERIES = "series"


class Fault(NamedTuple):
    """One line that was refused, by its number from 1 on, and what is wrong with it."""

    line: int
    reason: Reason
    detail: str


class Faults:
    """All lines of a request that were refused: how many for each reason, and the first of them.
    A body of nonsense is a million of them, and none of the others is worth its memory."""

    def __init__(self) -> None:
        self.by: Counter[Reason] = Counter()
        self.first: list[Fault] = []

    def __len__(self) -> int:
        return self.by.total()

    def add(self, faults: Collection[Fault]) -> None:
        """Take in what is wrong with the next lines."""
        self.by.update(one.reason for one in faults)
        room = MOST_TOLD - len(self.first)
        if room and faults:
            self.first += sorted(faults)[:room]


class Bad(Exception):
    """A line cannot be taken."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
