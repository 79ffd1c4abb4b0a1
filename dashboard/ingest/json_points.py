"""Numbers as JSON: one object, a list of them, or one in each line. Pure.

{"name": "queue.length", "labels": {"host": "web1"}, "value": 7, "at": 1790000000.25}
"""

from functools import lru_cache
from math import isfinite
from typing import Annotated, Literal

import msgspec

from dashboard.ingest.faults import Bad, Fault, Reason
from dashboard.ingest.gathering import MOST_NUMBERS, Head
from dashboard.ingest.line_protocol import KNOWN_HEADS, MAX_HEAD, Line

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
MOST_SECONDS = 1e11
# In each number of a list, on average. A list of nothing but commas is millions of no numbers.
COMMAS = 5
MOST_SAID = 200


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number, of what it is, and when: in seconds since 1970, or now."""

    name: Name
    value: float
    labels: dict[Name, Name] = {}
    at: float | None = None
    kind: Literal["gauge", "counter", "histogram"] = "gauge"
    unit: Annotated[str, msgspec.Meta(max_length=16)] = ""


_parts = msgspec.json.Decoder(list[msgspec.Raw])
_number = msgspec.json.Decoder(Number)


def split(body: bytes, most: int = MOST_NUMBERS) -> list[bytes]:
    """Return the JSON of each number. Raises Bad where that is not to be told, or where there are
    more of them."""
    too_many = Bad(Reason.SIZE, f"More than {most} numbers. Send less at once.")
    stripped = body.strip()
    if not stripped.startswith(b"["):
        if stripped.count(b"\n") >= most:
            raise too_many
        return stripped.split(b"\n") if stripped else []
    if stripped.count(b",") >= most * COMMAS:
        raise too_many
    try:
        parts = _parts.decode(stripped)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Bad(Reason.SYNTAX, f"not JSON: {error}") from error
    if len(parts) > most:
        raise too_many
    return [bytes(part) for part in parts]


def parse(parts: list[bytes], *, first: int = 1) -> tuple[list[Line], list[Fault]]:
    """Return what numbers say, and which of them cannot be understood, counted from `first` on."""
    read: list[Line] = []
    faults: list[Fault] = []
    for number, part in enumerate(parts, first):
        try:
            if part.strip():
                read.append(_line(part, number))
        except Bad as bad:
            faults.append(Fault(number, bad.reason, str(bad)))
    return read, faults


def _line(part: bytes, number: int) -> Line:
    try:
        said = _number.decode(part)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        # It names what it does not know, however long that is.
        raise Bad(Reason.SYNTAX, str(error)[:MOST_SAID]) from error
    if not isfinite(said.value):
        raise Bad(Reason.VALUE, "no finite number")
    if said.at is not None and not abs(said.at) < MOST_SECONDS:
        raise Bad(Reason.TIME, "no time, which is in seconds since 1970")
    at = None if said.at is None else round(said.at * 1_000_000_000)
    head = _head(said.name, tuple(sorted(said.labels.items())), said.kind, said.unit)
    return head, [("value", said.value)], at, number


@lru_cache(maxsize=KNOWN_HEADS)
def _head(name: str, labels: tuple[tuple[str, str], ...], kind: str, unit: str) -> Head:
    words = [name, unit, *(word for label in labels for word in label)]
    if sum(map(len, words)) > MAX_HEAD:
        raise Bad(Reason.SIZE, f"name and labels of more than {MAX_HEAD} characters")
    if not all(word.isprintable() for word in words):
        raise Bad(Reason.SYNTAX, "control characters in a name")
    return Head(name, labels, kind, unit)
