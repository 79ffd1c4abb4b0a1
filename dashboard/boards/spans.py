"""Stretches of time, as an address names them, and the steps that suit them. Pure."""

import re
from typing import NamedTuple

MAX_SLOTS = 1_000
SLOTS = 910
"""As many as are chosen by ourselves: a quarter of an hour by seconds, ends included."""
TIERS = ((3_600, 1), (86_400, 10), (14 * 86_400, 60), (400 * 86_400, 3_600))
"""For how many seconds back which step is kept."""
NICE = (
    1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800,
    3_600, 7_200, 14_400, 21_600, 43_200, 86_400, 172_800, 604_800,
)  # fmt: skip
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "y": 31_536_000}
_AGO = re.compile(r"-(\d{1,6})([smhdwy])")


class NoSpan(ValueError):
    """An address names no stretch of time that can be shown."""


class Span(NamedTuple):
    """[start, end) in steps, all of them in whole Unix seconds."""

    start: int
    end: int
    step: int

    @property
    def seconds(self) -> range:
        return range(self.start, self.end, self.step)


def span(start: str, end: str, step: str, now: float) -> Span:
    """Return the stretch of time that is asked for: each end as Unix seconds, `now`, or `-15m`
    from now; the step in seconds, or nothing to have one chosen. The step grows to what is still
    kept of that time, and never to more steps than a panel shows."""
    first, last = _moment(start or "-15m", now), _moment(end or "now", now)
    if first >= last:
        raise NoSpan("`from` is not before `to`.")
    oldest = int(now) - TIERS[-1][0]
    if last <= oldest:
        raise NoSpan("Nothing is kept for that long.")
    first = max(first, oldest)
    wide = _step(step) if step else chosen_step(first, last, now)
    tier = tier_of(first, now)
    wide = -(-wide // tier) * tier
    aligned = Span(first - first % wide, -(-last // wide) * wide, wide)
    if len(aligned.seconds) > MAX_SLOTS:
        raise NoSpan(f"More than {MAX_SLOTS} steps: take a larger one.")
    return aligned


def chosen_step(first: int, last: int, now: float) -> int:
    """Return the step that suits a stretch of time."""
    least = max(tier_of(first, now), -(-(last - first) // SLOTS))
    return next((step for step in NICE if step >= least), NICE[-1])


def tier_of(first: int, now: float) -> int:
    """Return the finest step that is kept of everything since a moment."""
    return next((step for age, step in TIERS if now - first <= age), TIERS[-1][1])


def _moment(text: str, now: float) -> int:
    if text == "now":
        return int(now) + 1
    if ago := _AGO.fullmatch(text):
        return int(now) - int(ago[1]) * _UNITS[ago[2]]
    if text.isascii() and text.replace(".", "", 1).isdecimal() and len(text) <= 17:
        return int(float(text))
    raise NoSpan("A time is `now`, `-15m`, or a number of Unix seconds.")


def _step(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < len(text) <= 7 and int(text) > 0):
        raise NoSpan("A step is a whole number of seconds.")
    return int(text)
