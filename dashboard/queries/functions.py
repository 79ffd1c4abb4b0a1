"""What a query makes of the points that were measured within one step, in any number of series."""

from collections.abc import Callable, Sequence
from functools import reduce
from operator import attrgetter

from dashboard.queries.query import Function, Query
from dashboard.storage.points import Point, merge, quantile

Value = Callable[[Sequence[Point], Query, int], float | None]
"""Of at least one point, the query and the step in seconds."""


def value_of(points: Sequence[Point], query: Query, step: int) -> float | None:
    """Return what a query says of these points; None where there are none."""
    return _functions[query.fn](points, query, step) if points else None


def of_one(query: Query, step: int) -> Callable[[Point], float | None]:
    """Return the same of a single point, as most lanes have in a step: a tenth of the work."""
    return _functions_of_one[query.fn](query, step)


def _delta(points: Sequence[Point], query: Query, step: int) -> float:
    return sum(point.sum for point in points)


def _rate(points: Sequence[Point], query: Query, step: int) -> float:
    return _delta(points, query, step) / step


def _sum(points: Sequence[Point], query: Query, step: int) -> float:
    return sum(point.sum / point.count for point in points if point.count)


def _avg(points: Sequence[Point], query: Query, step: int) -> float | None:
    count = sum(point.count for point in points)
    return sum(point.sum for point in points) / count if count else None


def _min(points: Sequence[Point], query: Query, step: int) -> float:
    return min(point.min for point in points)


def _max(points: Sequence[Point], query: Query, step: int) -> float:
    return max(point.max for point in points)


def _last(points: Sequence[Point], query: Query, step: int) -> float:
    # Merged, so that of two which were measured at once the same one is the last everywhere.
    return reduce(merge, points).last


def _count(points: Sequence[Point], query: Query, step: int) -> float:
    return sum(point.count for point in points)


def _percentile(points: Sequence[Point], query: Query, step: int) -> float | None:
    return quantile(reduce(merge, points), query.q)


_functions: dict[Function, Value] = {
    "rate": _rate,
    "delta": _delta,
    "sum": _sum,
    "avg": _avg,
    "min": _min,
    "max": _max,
    "last": _last,
    "count": _count,
    "percentile": _percentile,
}
# A sum begins at 0, also of one value: 0.0 and not -0.0.
_functions_of_one: dict[Function, Callable[[Query, int], Callable[[Point], float | None]]] = {
    "rate": lambda _query, step: lambda point: (0 + point.sum) / step,
    "delta": lambda _query, _step: lambda point: 0 + point.sum,
    "sum": lambda _query, _step: lambda point: 0 + point.sum / point.count if point.count else 0,
    "avg": lambda _query, _step: (
        lambda point: (0 + point.sum) / point.count if point.count else None
    ),
    "min": lambda _query, _step: attrgetter("min"),
    "max": lambda _query, _step: attrgetter("max"),
    "last": lambda _query, _step: attrgetter("last"),
    "count": lambda _query, _step: attrgetter("count"),
    "percentile": lambda query, _step: lambda point: quantile(point, query.q),
}
