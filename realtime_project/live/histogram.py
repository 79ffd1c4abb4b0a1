"""Histograms of many magnitudes that can be merged: of one worker over time, or of a fleet."""

from collections.abc import Iterator
from math import ceil, floor, inf, log2

BUCKETS_PER_DOUBLING = 8
"""Each bucket is 2^(1/8) times as wide as the one before, so that its geometric middle is at most
2^(1/16) - 1 = 4.4% away from any value in it."""


class Histogram:
    """Counts positive values in buckets that grow by 2^(1/8).

    All histograms have their bounds on one grid: a bucket ends at 2^(n/8), `first` is the n of the
    first one. That holds everything up to `least`, the last everything beyond `least` *
    2^`doublings`; of values in between a quantile is known within 4.4%. What is asked for as least
    is moved down to the grid.
    """

    __slots__ = ("_end", "counts", "doublings", "first", "high", "last", "least", "low", "sum")

    def __init__(self, least: float, doublings: int) -> None:
        self.first = floor(BUCKETS_PER_DOUBLING * log2(least))
        self.least: float = 2.0 ** (self.first / BUCKETS_PER_DOUBLING)
        self.doublings = doublings
        self.counts = [0] * (BUCKETS_PER_DOUBLING * doublings + 2)
        self.sum = self.last = 0.0
        self.low, self.high = inf, -inf
        self._end = len(self.counts) - 1

    @property
    def count(self) -> int:
        """How many values were observed."""
        return sum(self.counts)

    def observe(self, value: float) -> None:
        """Count one value."""
        self.sum += value
        self.last = value
        if value < self.low:
            self.low = value
        if value > self.high:
            self.high = value
        if value <= self.least:
            self.counts[0] += 1
            return
        index = ceil(BUCKETS_PER_DOUBLING * log2(value)) - self.first
        self.counts[index if index < self._end else self._end] += 1

    def take_extremes(self) -> tuple[float, float]:
        """Return the least and the most since this was asked last, by whoever alone asks it."""
        extremes = self.low, self.high
        self.low, self.high = inf, -inf
        return extremes

    def merge(self, other: "Histogram") -> None:
        """Count what another histogram of the same buckets has counted, too."""
        if (self.least, self.doublings) != (other.least, other.doublings):
            raise ValueError("histograms with different buckets cannot be merged")
        self.counts = [a + b for a, b in zip(self.counts, other.counts, strict=True)]
        self.sum += other.sum

    def quantile(self, share: float) -> float | None:
        """Return the value below which a share (0 to 1) of the values lies, None without any."""
        rank = max(1, ceil(share * self.count))
        reached = 0
        for index, count in enumerate(self.counts):
            reached += count
            if count and reached >= rank:
                return self._middle(index)
        return None

    def cumulative(self, step: int) -> Iterator[tuple[float, int]]:
        """Yield every `step`th bucket's upper bound with the number of values up to it."""
        reached = 0
        for index, count in enumerate(self.counts[:-1]):
            reached += count
            if index % step == 0:
                yield self._bound(index), reached

    def _middle(self, index: int) -> float:
        if index == 0:
            return self.least
        return self._bound(min(index - 0.5, self._end - 1))

    def _bound(self, index: float) -> float:
        bound: float = self.least * 2 ** (index / BUCKETS_PER_DOUBLING)
        return bound
