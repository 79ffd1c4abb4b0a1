"""What is wrong with a line that somebody sent. Pure."""

from enum import StrEnum
from typing import NamedTuple


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


class Bad(Exception):
    """A line cannot be taken."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
