"""A heat map: how many values fell into which range, step by step."""

import sys
from collections import Counter
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from dashboard.queries.evaluation import Slots, slots
from dashboard.queries.query import Query
from dashboard.queries.selection import Named, matches

S = TypeVar("S", bound=Named)

BUCKETS_A_DOUBLING = 8
ROWS_A_DOUBLING = 2
"""As many as can be told apart on a screen: a row is four buckets."""
MAX_ROWS = 60


class Row(msgspec.Struct):
    """Values up to `bound` and above the row before: how many, one for each step."""

    label: str
    bound: float
    values: list[float | None]


def heatmap(query: Query, points: Mapping[S, Slots], start: int, end: int, step: int) -> list[Row]:
    """Return the rows of a heat map, lowest first and without holes between them. Where nothing
    was measured a step has no numbers."""
    members = [one for series, one in points.items() if matches(query, series)]
    columns = [_column(members, second) for second in slots(start, end, step)]
    present = {row for column in columns if column for row in column}
    if not present:
        return []
    # What lies far below the rest is counted with the lowest row that is shown.
    highest = max(present)
    lowest = max(min(present), highest - MAX_ROWS + 1)
    return [
        Row(f"{bound_of(row):.4g}", bound_of(row), [_count(one, row, lowest) for one in columns])
        for row in range(lowest, highest + 1)
    ]


def bound_of(row: int) -> float:
    """Return the highest value that falls into a row."""
    # Beyond the last power of two there are the last few numbers that there are.
    bound: float = 2.0 ** min(row / ROWS_A_DOUBLING, sys.float_info.max_exp - 1)
    return bound


def row_of(bucket: int) -> int:
    """Return the row that a bucket of the histograms' grid falls into."""
    return -(-bucket * ROWS_A_DOUBLING // BUCKETS_A_DOUBLING)


def _column(members: list[Slots], second: int) -> Counter[int] | None:
    found = [one[second] for one in members if second in one]
    if not found:
        return None
    column: Counter[int] = Counter()
    for point in found:
        for bucket, count in (point.buckets or {}).items():
            column[row_of(bucket)] += count
    return column


def _count(column: Counter[int] | None, row: int, lowest: int) -> float | None:
    if column is None:
        return None
    if row > lowest:
        return column[row]
    return sum(count for other, count in column.items() if other <= lowest)
