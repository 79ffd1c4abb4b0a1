"""What rules see of jobs that are to tell that they were done."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from dashboard.alerts.measured import Seen
from dashboard.alerts.rules import Watched, beats_of
from dashboard.models.ingest import Heartbeat


@dataclass
class Beating:
    """All heartbeats, with who sends them."""

    beats: Sequence[Heartbeat]

    @classmethod
    def of(cls, rules: Sequence[Watched]) -> "Beating":
        """Read all that rules need, if there are any."""
        return cls(list(Heartbeat.objects.select_related("source")) if rules else [])

    def seen(self, rule: Watched, at: int, resumed: int) -> list[Seen]:
        """Return for how many seconds the jobs that a rule is about have been late, or have
        failed, at a time."""
        meant = beats_of(rule.rule)
        return [
            Seen({"source": one.source.slug, "job": one.slug}, not_done_for(one, at, resumed))
            for one in self.beats
            if fnmatchcase(one.source.slug, meant.source) and fnmatchcase(one.slug, meant.slug)
        ]


def not_done_for(beat: Heartbeat, at: int, resumed: int) -> float | None:
    """Return for how many seconds a job has been late, or since it told that it failed: that it
    begins again does not make that good."""
    if beat.failed is None or (beat.done is not None and beat.done >= beat.failed):
        return late_by(beat, at, resumed)
    return max(at - beat.failed.timestamp(), late_by(beat, at, resumed) or 0.0)


def late_by(beat: Heartbeat, at: int, resumed: int) -> float | None:
    """Return by how many seconds a job is late. One that was due while nobody listened has its
    grace once more, in which nobody knows."""
    late = max(at - beat.due.timestamp(), 0.0)
    grace = beat.grace.total_seconds()
    if late and beat.due.timestamp() - grace < resumed and at < resumed + grace:
        return None
    return late
