"""Influx line protocol, as Telegraf and many others speak it. Pure.

    weather,city=Bern,station=7 temperature=21.5,rain=0i 1790000000000000000

A bad line costs itself and no other. For that, a line ends where it ends: a newline within quotes,
which the protocol allows, would let one quote that is never closed swallow all that follows.
Telegraf writes such a newline as `\\n`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import isfinite

from dashboard.ingest.faults import Bad, Fault, Reason
from dashboard.ingest.gathering import Fields, Head

NANOSECONDS = {
    "ns": 1,
    "n": 1,
    "us": 1_000,
    "u": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
"""What a number of a precision is worth, by the names that versions 1 and 2 have for it."""

MAX_LINE = 64 * 1024
MAX_HEAD = 1024
MAX_NAME = 200
"""Of measurement and field together, which is what a series is called."""
# As many heads as are known again; each has at most MAX_HEAD characters.
KNOWN_HEADS = 8192

Line = tuple[Head, Fields, int | None, int]
"""A head, its numbers by field, the time in nanoseconds where the line says it, and which line it
is. Texts that stand in fields are no numbers and left out, so that there may be none."""


def parse(
    lines: Iterable[str], *, nanoseconds: int = 1, first: int = 1, kind: str = "gauge"
) -> tuple[list[Line], list[Fault]]:
    """Return what lines say, and which of them say nothing that can be understood. `nanoseconds`
    is what one unit of their times is worth, `first` the number of the first line, `kind` what
    their numbers are, which the protocol has no word for."""
    read: list[Line] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, first):
        try:
            if found := _line(line, number, nanoseconds, kind):
                read.append(found)
        except Bad as bad:
            faults.append(Fault(number, bad.reason, str(bad)))
    return read, faults


def text_of(body: bytes) -> str:
    """Return a body as text. What is not UTF-8 is marked, and costs the lines in which it is."""
    return body.decode(errors="surrogateescape")


def lines_of(body: bytes) -> list[str]:
    """Return the lines of a body, without the nothing behind the last one."""
    lines = text_of(body).split("\n")
    while lines and lines[-1] in ("", "\r"):
        lines.pop()
    return lines


def bytes_of(lines: Iterable[str]) -> bytes:
    """Return lines as they stood in the body."""
    return "\n".join(lines).encode(errors="surrogateescape")


def _line(line: str, number: int, nanoseconds: int, kind: str) -> Line | None:
    if len(line) > MAX_LINE:
        raise Bad(Reason.SIZE, f"longer than {MAX_LINE} characters")
    if line.endswith("\r"):
        line = line[:-1]
    if "\\" in line or '"' in line or not (line.isascii() and line.isprintable()):
        head, fields, time = _scan(line.strip(" "))
    else:
        head, fields, time = _split(line)
    if not head or head[0] == "#":
        return None
    about = _head(head, kind)
    most = MAX_NAME - 1 - len(about.name)
    numbers: Fields = []
    for key, text in fields:
        if len(key) > most:
            raise Bad(Reason.SIZE, f"measurement and field of more than {MAX_NAME} characters")
        if (value := _number(text)) is not None:
            numbers.append((key, value))
    return about, numbers, _time(time, nanoseconds), number


# --- Where the parts of a line are -----------------------------------------------------------

Parts = tuple[str, list[tuple[str, str]], str]
"""The head, fields with their values as they are written, and the time."""

_NOTHING: Parts = "", [], ""


def _split(line: str) -> Parts:
    """Take a line apart in which nothing is escaped or quoted, as nearly all are."""
    parts = line.split(" ")
    if not 2 <= len(parts) <= 3 or "" in parts:
        # Spaces before, behind or in between: rare, and allowed.
        parts = [part for part in parts if part]
        if not parts or parts[0][0] == "#":
            return _NOTHING
        if not 2 <= len(parts) <= 3:
            raise Bad(Reason.SYNTAX, _SHAPE if len(parts) > 3 else "no field")
    fields: list[tuple[str, str]] = []
    for field in parts[1].split(","):
        key, equals, value = field.partition("=")
        if not equals or not key or not value or "=" in value:
            raise Bad(Reason.SYNTAX, f"“{_short(field)}” is no field, which is name=value")
        fields.append((key, value))
    return parts[0], fields, parts[2] if len(parts) == 3 else ""


def _scan(line: str) -> Parts:
    """Take any line apart."""
    if not line or line[0] == "#":
        return _NOTHING
    if _UNREADABLE.search(line):
        raise Bad(Reason.SYNTAX, "not UTF-8, or with control characters")
    head = _upto(_HEAD, line, 0)
    at = _past_spaces(line, len(head))
    if at == len(line):
        raise Bad(Reason.SYNTAX, "no field")
    fields: list[tuple[str, str]] = []
    while True:
        key = _upto(_NAME, line, at)
        at += len(key)
        if not key or not key.isprintable() or line[at : at + 1] != "=":
            raise Bad(Reason.SYNTAX, f"“{_short(key)}” is no field, which is name=value")
        value = _upto(_VALUE, line, at + 1)
        at += 1 + len(value)
        fields.append((_plain(key), value))
        if line[at : at + 1] != ",":
            break
        at += 1
    rest = line[at:]
    if rest and rest[0] != " ":
        raise Bad(Reason.SYNTAX, f"“{_short(rest)}” after a value")
    return head, fields, rest.strip(" ")


# None of them can fail, and none goes back on what it has matched: a line costs its length.
_HEAD = re.compile(r"(?:\\[,= ]|[^ ])*+")
_NAME = re.compile(r"(?:\\[,= ]|[^,= ])*+")
_VALUE = re.compile(r'"(?:\\.|[^"\\])*+"|[^, "]*+', re.DOTALL)
_ESCAPED = re.compile(r"\\([,= ])")
_ESCAPED_IN_MEASUREMENT = re.compile(r"\\([, ])")
_UNREADABLE = re.compile("[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_SHAPE = "more than a head, fields and a time: spaces in names are written “\\ ”"


def _upto(pattern: re.Pattern[str], line: str, at: int) -> str:
    found = pattern.match(line, at)
    return found[0] if found else ""


def _past_spaces(line: str, at: int) -> int:
    while line[at : at + 1] == " ":
        at += 1
    return at


def _plain(name: str) -> str:
    return _ESCAPED.sub(r"\1", name) if "\\" in name else name


# --- What the parts say ----------------------------------------------------------------------


@lru_cache(maxsize=KNOWN_HEADS)
def _head(text: str, kind: str) -> Head:
    if len(text) > MAX_HEAD:
        raise Bad(Reason.SIZE, f"measurement and tags of more than {MAX_HEAD} characters")
    if not text.isprintable():
        raise Bad(Reason.SYNTAX, "control characters in a name")
    measurement, *tags = _commas(text)
    if not measurement:
        raise Bad(Reason.SYNTAX, "no measurement")
    pairs: dict[str, str] = {}
    for tag in tags:
        key, value = _tag(tag)
        if key in pairs:
            raise Bad(Reason.SYNTAX, f"the tag “{_short(key)}” twice")
        pairs[key] = value
    name = _ESCAPED_IN_MEASUREMENT.sub(r"\1", measurement)
    return Head(name, tuple(sorted(pairs.items())), kind)


def _commas(text: str) -> list[str]:
    return _UNESCAPED_COMMA.split(text) if "\\" in text else text.split(",")


# A comma is escaped by one backslash right before it; two of them are a backslash and an escape.
_UNESCAPED_COMMA = re.compile(r"(?<!\\),")


def _tag(tag: str) -> tuple[str, str]:
    key = _upto(_NAME, tag, 0)
    value = tag[len(key) + 1 :]
    if not key or not value or _upto(_NAME, value, 0) != value:
        raise Bad(Reason.SYNTAX, f"“{_short(tag)}” is no tag, which is name=value")
    return _plain(key), _plain(value)


def _number(text: str) -> float | None:
    """Return a number, or None for a text."""
    if _FLOAT(text):
        number = float(text)
        if not isfinite(number):
            raise Bad(Reason.VALUE, f"{_short(text)} is too large")
        return number
    if (truth := _TRUTHS.get(text)) is not None:
        return truth
    if _INTEGER(text):
        return _integer(text)
    if text[:1] == '"' and len(text) > 1:
        return None
    raise Bad(Reason.VALUE, f"“{_short(text)}” is no value")


def _integer(text: str) -> float:
    number, kind = int(text[:-1]), text[-1]
    if not (-(2**63) <= number < 2**63 if kind == "i" else 0 <= number < 2**64):
        raise Bad(Reason.VALUE, f"{_short(text)} has more than 64 bits")
    return float(number)


_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?").fullmatch
_INTEGER = re.compile(r"[-+]?[0-9]{1,20}[iu]").fullmatch
_TRUTHS: Mapping[str, float] = {
    **dict.fromkeys(("t", "T", "true", "True", "TRUE"), 1.0),
    **dict.fromkeys(("f", "F", "false", "False", "FALSE"), 0.0),
}


def _time(text: str, nanoseconds: int) -> int | None:
    if not text:
        return None
    if not _INSTANT(text):
        raise Bad(Reason.TIME, f"“{_short(text)}” is no time, which is a whole number")
    return int(text) * nanoseconds


_INSTANT = re.compile(r"-?[0-9]{1,19}").fullmatch


def _short(text: str) -> str:
    """Return what can be shown of something that may be long and anything."""
    shown = "".join(one if one.isprintable() else "�" for one in text[:40])
    return shown if len(text) <= 40 else f"{shown}…"
