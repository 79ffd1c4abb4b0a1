"""Lines of logs, and how they are kept together. Pure."""

import re
import zlib
from collections.abc import Iterable, Sequence

import msgspec

LEVELS = ("debug", "info", "warning", "error", "critical")
MAX_TEXT = 8 * 1024
MAX_NAME = 120
LINES_A_BATCH = 200
# As JSON, so that the row of a batch fits into one frame.
BYTES_A_BATCH = 24 * 1024


class Line(msgspec.Struct, frozen=True):
    """One line, which may be a traceback: when it was written in Unix seconds, how bad it is,
    where it comes from, and what it says."""

    at: float
    level: str
    source: str
    """`app`, or the short name of the source that sent it."""
    origin: str
    logger: str
    text: str


def tidy(text: str) -> str:
    """Return a text as it can be shown: without the colours of terminals and what else is no
    character, and not longer than a line may be."""
    if len(text) > MAX_TEXT:
        text = f"{text[: MAX_TEXT - 1]}…"
    if not text.isprintable():
        text = _INVISIBLE.sub("", _COLOURS.sub("", text))
    return text


_COLOURS = re.compile(r"\x1b\[[0-9;?]{0,20}[A-Za-z]")
# All but tabs and newlines; and half characters, which cannot be stored.
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def batches(lines: Iterable[Line]) -> list[list[Line]]:
    """Cut lines into batches, each small enough to be told at once."""
    cut: list[list[Line]] = []
    size = 0
    for line in lines:
        own = len(msgspec.json.encode(line)) + 1
        size += own
        if not cut or len(cut[-1]) == LINES_A_BATCH or size > BYTES_A_BATCH:
            cut.append([])
            size = own
        cut[-1].append(line)
    return cut


def pack(lines: Sequence[Line]) -> bytes:
    """Return lines as they are stored."""
    return zlib.compress(msgspec.msgpack.encode(lines))


def unpack(body: bytes) -> list[Line]:
    """Return the lines that were stored."""
    return _lines.decode(zlib.decompress(body))


_lines = msgspec.msgpack.Decoder(list[Line])


def bits(levels: Iterable[str]) -> int:
    """Return a number with a bit for each level."""
    return sum(1 << LEVELS.index(level) for level in set(levels))


def levels_from(level: str) -> tuple[str, ...]:
    """Return a level and all that are worse."""
    return LEVELS[LEVELS.index(level) :]


def level_named(name: str) -> str | None:
    """Return the level that others call by another name, if it is one."""
    return _NAMES.get(name.strip().lower())


_NAMES = {
    **{level: level for level in LEVELS},
    **dict.fromkeys(("trace", "verbose"), "debug"),
    **dict.fromkeys(("information", "notice", "log"), "info"),
    **dict.fromkeys(("warn",), "warning"),
    **dict.fromkeys(("err", "severe"), "error"),
    **dict.fromkeys(("fatal", "panic", "crit", "alert", "emerg", "emergency"), "critical"),
}
