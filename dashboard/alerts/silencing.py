"""Whether an alert is silenced at a time. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from fnmatch import fnmatchcase

from notifications.quiet_hours import NEVER, Schedule, is_quiet


@dataclass(frozen=True)
class Quiet:
    """For how long, and about what, nothing is said."""

    begins: float
    ends: float
    rule: int | None = None
    labels: Mapping[str, str] | None = None
    schedule: Schedule = NEVER
    """Where it comes again every week: as quiet hours do, by the clock on a wall."""
    zone: tzinfo = UTC

    def holds_at(self, at: float) -> bool:
        """Return whether it is quiet at a time, in Unix seconds."""
        if not self.begins <= at < self.ends:
            return False
        if not self.schedule:
            return True
        return is_quiet(self.schedule, self.zone, datetime.fromtimestamp(at, UTC))

    def is_about(self, rule: int, labels: Mapping[str, str]) -> bool:
        """Return whether it means an alert of a rule with these labels."""
        if self.rule not in (None, rule):
            return False
        wanted = (self.labels or {}).items()
        return all(fnmatchcase(labels.get(name, ""), glob) for name, glob in wanted)
