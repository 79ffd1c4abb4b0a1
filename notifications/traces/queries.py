"""Traces, for whoever asks why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notifications.decision import Line
from notifications.models import Trace
from notifications.traces.stored import read_lines


@dataclass(frozen=True)
class Explanation:
    """Why somebody was told of something by a kind, or was not."""

    kind: str
    lines: Sequence[Line]
    decided: datetime | None
    """None where nothing was decided then: this is what would be, by the settings of now."""


def explanations(person: int, subject: str) -> list[Explanation]:
    """Return what was decided about a person and a subject, the last one first."""
    traces = Trace.objects.filter(person_id=person, subject=subject).order_by("-decided")
    return [Explanation(one.kind, read_lines(one.lines), one.decided) for one in traces]
