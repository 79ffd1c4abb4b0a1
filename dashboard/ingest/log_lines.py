"""Lines of logs as others send them: plain text, or JSON in each line. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

import msgspec

from dashboard.ingest.faults import Bad, Fault, Reason
from dashboard.ingest.gathering import AHEAD_SECONDS
from dashboard.logs.lines import MAX_NAME, Line, level_named, tidy

_any = msgspec.json.Decoder(dict[str, Any])
# What programs call what a line has, the usual first.
_TEXT = ("text", "message", "msg", "log", "line")
_LEVEL = ("level", "severity", "levelname", "lvl")
_AT = ("at", "time", "timestamp", "ts", "@timestamp")
_LOGGER = ("logger", "name", "module")
_ORIGIN = ("origin", "host", "hostname")
# A word near the beginning says how bad a line of text is.
_LEVEL_WORD = re.compile(
    r"\b(DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|PANIC)\b"
)
_WORD_WITHIN = 80


@dataclass(frozen=True)
class Said:
    """What holds for all lines of a request that do not say it themselves."""

    source: str
    now: float
    origin: str = ""
    logger: str = ""
    level: str = ""


def parse(
    lines: Sequence[str], said: Said, *, is_json: bool, first: int = 1
) -> tuple[list[Line], list[Fault]]:
    """Return lines as they are kept, and which of them cannot be understood."""
    read: list[Line] = []
    faults: list[Fault] = []
    for number, text in enumerate(lines, first):
        if not text.strip():
            continue
        try:
            read.append(_from_json(text, said) if is_json else _from_text(text, said))
        except Bad as bad:
            faults.append(Fault(number, bad.reason, str(bad)))
    return read, faults


def _from_text(text: str, said: Said) -> Line:
    told = tidy(text.rstrip("\r"))
    word = _LEVEL_WORD.search(told, 0, _WORD_WITHIN)
    level = said.level or (level_named(word[1]) if word else None) or "info"
    return Line(said.now, level, said.source, said.origin, said.logger, told)


def _from_json(text: str, said: Said) -> Line:
    try:
        told = _any.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise Bad(Reason.SYNTAX, f"not a JSON object: {error}") from error
    words = _first(told, _TEXT)
    if not isinstance(words, str):
        raise Bad(Reason.VALUE, "no text")
    level = _first(told, _LEVEL)
    return Line(
        at=_time(_first(told, _AT), said.now),
        level=(level_named(level) if isinstance(level, str) else None) or said.level or "info",
        source=said.source,
        origin=_name(_first(told, _ORIGIN)) or said.origin,
        logger=_name(_first(told, _LOGGER)) or said.logger,
        text=tidy(words),
    )


def _first(told: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((told[name] for name in names if name in told), None)


def _name(value: Any) -> str:
    return tidy(value[:MAX_NAME]).replace("\n", " ") if isinstance(value, str) else ""


def _time(value: Any, now: float) -> float:
    """Return when a line was written. What is no time, or cannot be, is now: the line counts."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value[:40])
            value = value.timestamp() if value.tzinfo else None
        except (ValueError, OverflowError):
            return now
    if isinstance(value, bool) or not isinstance(value, int | float):
        return now
    if isinstance(value, int) and abs(value) > 2**63:
        return now
    seconds = float(value)
    return seconds if isfinite(seconds) and 0 < seconds <= now + AHEAD_SECONDS else now
