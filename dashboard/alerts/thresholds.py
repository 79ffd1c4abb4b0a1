"""What a value says of a rule's thresholds. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

from dashboard.alerts.machine import Verdict

MARGIN = 0.05
"""How far behind its threshold a value is clear again where the rule does not say."""


class Side(StrEnum):
    ABOVE = "above"
    BELOW = "below"


class Missing(StrEnum):
    """What it means that nothing was measured."""

    KEEP = "keep"
    ALERT = "alert"
    OK = "ok"


@dataclass(frozen=True)
class Threshold:
    """From where on a value is too much, or too little, and from where on it is well again."""

    side: Side
    at: float
    clear: float | None = None
    missing: Missing = Missing.KEEP

    @property
    def clear_at(self) -> float:
        """A signal that flaps around its threshold is one alert and not a hundred."""
        if self.clear is not None:
            return self.clear
        margin = abs(self.at) * MARGIN
        return self.at - margin if self.side is Side.ABOVE else self.at + margin

    def judge(self, value: float | None) -> Verdict:
        """Return what a value says, or that there is none."""
        if value is None:
            return _OF_NOTHING[self.missing]
        if self._is_beyond(value, self.at):
            return Verdict.OVER
        return Verdict.BETWEEN if self._is_beyond(value, self.clear_at) else Verdict.CLEAR

    def badness(self, value: float | None) -> float:
        """Return how far a value is beyond the threshold: by which values are compared."""
        if value is None:
            return inf if self.missing is Missing.ALERT else -inf
        return value - self.at if self.side is Side.ABOVE else self.at - value

    def _is_beyond(self, value: float, limit: float) -> bool:
        return value > limit if self.side is Side.ABOVE else value < limit


_OF_NOTHING = {
    Missing.KEEP: Verdict.UNKNOWN,
    Missing.ALERT: Verdict.OVER,
    Missing.OK: Verdict.CLEAR,
}
