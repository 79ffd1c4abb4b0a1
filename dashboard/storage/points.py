"""Points: what was measured of one series within one step of time.

Points are merged in any order and grouping to the same point, so that every later aggregate (of a
longer time, of a fleet) is exactly what it would be of the single values.
"""

from collections.abc import Iterable
from functools import reduce
from math import ceil, log2

import msgspec

BUCKETS_PER_DOUBLING = 8
"""As in `realtime_project.live.histogram`: a value is known within 4.4%."""
FLOOR = -9000
"""The bucket of everything that is not positive: below that of the smallest float."""


class Point(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Count, sum, least, most and last of some values; and how they are spread, where that is
    kept: how many lie in each bucket."""

    count: int
    sum: float
    min: float
    max: float
    last: float
    last_at: float
    """When the last one was measured, in Unix seconds."""
    buckets: dict[int, int] | None = None


def single(value: float, at: float) -> Point:
    """Return the point of one value."""
    return Point(1, value, value, value, value, at)


def spread(values: Iterable[float], at: float) -> Point:
    """Return the point of values whose distribution matters: at least one."""
    return reduce(merge, (Point(1, one, one, one, one, at, {bucket(one): 1}) for one in values))


def merge(a: Point, b: Point) -> Point:
    """Return the point of all values of two."""
    # Of two at the same time the larger one counts as the last: whoever merges, in any order.
    newer = a if (a.last_at, a.last) >= (b.last_at, b.last) else b
    return Point(
        a.count + b.count,
        a.sum + b.sum,
        a.min if a.min <= b.min else b.min,
        a.max if a.max >= b.max else b.max,
        newer.last,
        newer.last_at,
        _merged(a.buckets, b.buckets),
    )


def bucket(value: float) -> int:
    """Return the bucket of a value: those of one doubling are eight."""
    return ceil(BUCKETS_PER_DOUBLING * log2(value)) if value > 0 else FLOOR


def middle(index: int) -> float:
    """Return the value that stands for a bucket: its geometric middle."""
    if index <= FLOOR:
        return 0.0
    value: float = 2.0 ** ((index - 0.5) / BUCKETS_PER_DOUBLING)
    return value


def bound(index: int) -> float:
    """Return the largest value of a bucket."""
    if index <= FLOOR:
        return 0.0
    value: float = 2.0 ** (index / BUCKETS_PER_DOUBLING)
    return value


def quantile(point: Point, share: float) -> float | None:
    """Return the value below which a share (0 to 1) of the values lies, within 4.4%; None where
    it is not known how they are spread."""
    if not point.buckets:
        return None
    rank = max(1, ceil(share * sum(point.buckets.values())))
    reached = 0
    for index in sorted(point.buckets):
        reached += point.buckets[index]
        if reached >= rank:
            break
    # No value is outside of what was seen.
    return min(max(middle(index), point.min), point.max)


def _merged(a: dict[int, int] | None, b: dict[int, int] | None) -> dict[int, int] | None:
    if a is None or b is None:
        return b if a is None else a
    merged = dict(a)
    for index, count in b.items():
        merged[index] = merged.get(index, 0) + count
    return merged
