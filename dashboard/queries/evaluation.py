"""A query over what was measured: lanes of values, step by step.

Where nothing was measured there is no value, and nothing is made up: a gap stays a gap, also in a
moving average and beside lanes that have one.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeVar

import msgspec

from dashboard.queries.functions import value_of
from dashboard.queries.query import Query
from dashboard.queries.selection import Labels, Named, group_of, is_literal, matches
from dashboard.storage.points import Point

S = TypeVar("S", bound=Named)
Slots = Mapping[int, Point]
"""What was measured of one series: by the second at which the step begins."""
_PLACE = re.compile(r"\{([\w.*-]+)\}")


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
    before = start - step * ((query.smooth or 1) - 1)
    lanes = []
    for labels, members in sorted(_grouped(query, points).items()):
        values = _values(query, members, slots(before, end, step), step)
        if query.smooth:
            values = moving_average(values, query.smooth)
        shown = values[(start - before) // step :]
        lanes.append(Lane(label_of(query, labels), dict(labels), shown))
    return top(lanes, query.top) if query.top else lanes


def slots(start: int, end: int, step: int) -> range:
    """Return the seconds at which the steps of a range begin."""
    return range(start, end, step)


def moving_average(values: Sequence[float | None], width: int) -> list[float | None]:
    """Return the means of each value and those before it. What is missing counts for nothing,
    and stays missing."""
    return [
        None if value is None else _mean(values[max(0, at - width + 1) : at + 1])
        for at, value in enumerate(values)
    ]


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
    return [
        value_of([one[second] for one in members if second in one], query, step)
        for second in seconds
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
