"""Tiers: in which steps what was measured is kept, and for how long. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from dashboard.storage.codec import Seconds, point_of
from dashboard.storage.points import Point, merge

MINUTE, HOUR, DAY = 60, 3600, 86400

Points = dict[int, Point]
"""By the time at which a step begins."""
Chunks = dict[tuple[int, int], Points]
"""By series and by the time at which a chunk begins."""


class Tier(NamedTuple):
    """Steps of so many seconds."""

    seconds: int
    kept: int
    """For how many seconds."""
    steps: int
    """How many stand in one chunk: what a panel reads at once, and what is written anew when
    something is added."""
    pace: int
    """How many seconds may pass until reports are added. Until then whoever reads adds them."""

    @property
    def span(self) -> int:
        """How many seconds a chunk holds."""
        return self.seconds * self.steps

    def step_of(self, second: int) -> int:
        return second - second % self.seconds

    def chunk_of(self, second: int) -> int:
        return second - second % self.span


TIERS = (
    Tier(seconds=1, kept=HOUR, steps=120, pace=5),
    Tier(seconds=10, kept=DAY, steps=180, pace=20),
    Tier(seconds=MINUTE, kept=14 * DAY, steps=240, pace=MINUTE),
    Tier(seconds=HOUR, kept=400 * DAY, steps=240, pace=5 * MINUTE),
)


def tier_for(step: int) -> Tier:
    """Return the coarsest tier of which steps of so many seconds are made."""
    return next(tier for tier in reversed(TIERS) if step % tier.seconds == 0)


def rolled_up(tier: Tier, reports: Iterable[Seconds]) -> Chunks:
    """Return what reports tell in the steps of a tier, by series and chunk."""
    chunks: Chunks = {}
    for told in reports:
        merge_into(chunks, tier, told)
    return chunks


def merge_into(chunks: Chunks, tier: Tier, told: Seconds) -> None:
    """Add to chunks what a report tells in the steps of a tier."""
    for second, measured in told.items():
        chunk, step = tier.chunk_of(second), tier.step_of(second)
        for series, one in measured.items():
            point = point_of(second, one)
            points = chunks.get((series, chunk))
            if points is None:
                chunks[series, chunk] = {step: point}
            else:
                add(points, step, point)


def add(points: Points, step: int, point: Point) -> None:
    """Merge a point into a step."""
    known = points.get(step)
    points[step] = point if known is None else merge(known, point)
