"""Rows and frames as the kernel's tests use them: messages with a text and nothing else."""

from typing import Any

import msgspec

from realtime_project.live import changes
from realtime_project.live.changes import Change, Row

ROOM = "room:1"


class Note(msgspec.Struct, frozen=True, tag_field="kind", tag="message"):
    """A message, as far as the kernel cares."""

    id: int
    rev: int
    text: str


def message(number: int, rev: int, text: str = "", **facts: Any) -> Row:
    return changes.row(Note(number, rev, text), **facts)


def post(rev: int, text: str = "", **facts: Any) -> Change:
    """The announcement of a message that came with `rev`."""
    return Change(ROOM, rev - 1, rev, (message(rev, rev, text, seq=rev, **facts),))


def parse(frame: bytes) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.json.decode(frame)
    return told
