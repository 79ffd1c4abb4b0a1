"""A query over what was measured: lanes of values, step by step.

Where nothing was measured there is no value, and nothing is made up: a gap stays a gap, also in a
moving average and beside lanes that have one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple, TypeVar

import msgspec

from dashboard.queries.functions import of_one, value_of
from dashboard.queries.query import Query
from dashboard.queries.selection import Labels, Named, group_of, is_literal, matches
from dashboard.storage.points import Point

S = TypeVar("S", bound=Named)
Slots = Mapping[int, Point]
"""What was measured of one series: by the second at which the step begins."""
_PLACE = re.compile(r"\{([\w.*-]+)\}")
LEAST_BIT = 1074
"""Every float is a whole number of 2^-1074."""


class Lane(msgspec.Struct):
    """One line of a panel: what it is, and its values, one for each step."""

    label: str
    labels: dict[str, str]
    values: list[float | None]


def evaluate(
    query: Query, points: Mapping[S, Slots], start: int, end: int, step: int
) -> list[Lane]:
    """Return the lanes of a query over [start, end).

    `points` are those of any series; which of them are meant the query says. For a moving average
    to be known from the first step on, they reach back `query.smooth` steps before `start`.
    """
    return evaluate_some(query, points, start, end, step).lanes


class Lanes(NamedTuple):
    """Lanes of a query, and how many others there are."""

    lanes: list[Lane]
    left_out: int


def evaluate_some(
    query: Query,
    points: Mapping[S, Slots],
    start: int,
    end: int,
    step: int,
    most: int | None = None,
) -> Lanes:
    """The same, and how many lanes were left out: because others are the top, or because there
    are more than `most` to compute. Those of which most is known are computed."""
    before = start - step * ((query.smooth or 1) - 1)
    grouped = _grouped(query, points)
    lanes = []
    for labels in sorted(_best_known(grouped, most)):
        values = _values(query, grouped[labels], slots(before, end, step), step)
        if query.smooth:
            values = moving_average(values, query.smooth)
        shown = values[(start - before) // step :]
        lanes.append(Lane(label_of(query, labels), dict(labels), shown))
    lanes = top(lanes, query.top) if query.top else lanes
    return Lanes(lanes, len(grouped) - len(lanes))


def slots(start: int, end: int, step: int) -> range:
    """Return the seconds at which the steps of a range begin."""
    return range(start, end, step)


def moving_average(values: Sequence[float | None], width: int) -> list[float | None]:
    """Return the means of each value and those before it. What is missing counts for nothing,
    and stays missing. Each is as exact as a float can be, so that it is the same wherever
    somebody begins to look."""
    return list(_means(values, width))


def top(lanes: list[Lane], most: int) -> list[Lane]:
    """Return the lanes with the highest means, in the order that they had."""
    chosen = sorted(lanes, key=lambda lane: -(_mean(lane.values) or 0.0))[:most]
    kept = {id(lane) for lane in chosen}
    return [lane for lane in lanes if id(lane) in kept]


def label_of(query: Query, labels: Labels) -> str:
    """Return what a lane is called. A legend names labels in braces, and nothing else of it is
    a programme: it was typed by somebody."""
    values = dict(labels)
    if query.legend:
        return _PLACE.sub(lambda place: values.get(place[1], ""), query.legend)
    if is_literal(query.source):
        # Of one source alone it tells nothing apart.
        values.pop("source", None)
    if any(values.values()):
        return ", ".join(value for value in values.values() if value)
    return f"p{query.q * 100:.4g}" if query.fn == "percentile" else query.metric


def _grouped(query: Query, points: Mapping[S, Slots]) -> dict[Labels, list[Slots]]:
    groups: dict[Labels, list[Slots]] = defaultdict(list)
    for series, measured in points.items():
        if measured and matches(query, series):
            groups[group_of(query, series)].append(measured)
    return groups


def _values(
    query: Query, members: Sequence[Slots], seconds: range, step: int
) -> list[float | None]:
    if len(members) == 1:
        of = of_one(query, step)
        return [None if point is None else of(point) for point in map(members[0].get, seconds)]
    told = [one.get for one in members]
    return [
        value_of([point for get in told if (point := get(second)) is not None], query, step)
        for second in seconds
    ]


def _best_known(grouped: Mapping[Labels, Sequence[Slots]], most: int | None) -> list[Labels]:
    if most is None or len(grouped) <= most:
        return list(grouped)
    known = {labels: sum(map(len, members)) for labels, members in grouped.items()}
    return sorted(known, key=lambda labels: (-known[labels], labels))[:most]


def _means(values: Sequence[float | None], width: int) -> Iterator[float | None]:
    # What is not finite comes of sums beyond the largest float, and has no mean.
    whole = [_whole(one) if one is not None and isfinite(one) else None for one in values]
    total = count = 0
    for at, came in enumerate(whole):
        if came is not None:
            total, count = total + came, count + 1
        if at >= width and (gone := whole[at - width]) is not None:
            total, count = total - gone, count - 1
        yield None if came is None else total / (count << LEAST_BIT)


def _whole(value: float) -> int:
    """Return a float as how many times the smallest one it is. Sums of these drift nowhere."""
    numerator, denominator = value.as_integer_ratio()
    return numerator << LEAST_BIT - denominator.bit_length() + 1


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
