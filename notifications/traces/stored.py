"""Traces as they are stored."""

from collections.abc import Iterable
from typing import Any

from notifications.decision import Code, Line


def write_lines(lines: Iterable[Line]) -> list[list[Any]]:
    """Return the lines of a trace as JSON."""
    return [[line.code.value, dict(line.params)] for line in lines]


def read_lines(stored: Iterable[list[Any]]) -> tuple[Line, ...]:
    """Return the lines of a trace; those of a version that knew other steps are passed over."""
    known = {code.value for code in Code}
    return tuple(Line(Code(code), params) for code, params in stored if code in known)
