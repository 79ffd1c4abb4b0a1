"""What one panel shows: the lanes of its queries. Pure."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

import msgspec

from dashboard.boards.body import MAX_LANES, Body, Panel
from dashboard.queries import Query, evaluate_some, heatmap
from dashboard.queries.evaluation import Slots, top
from dashboard.queries.query import EVERY_LABEL
from dashboard.queries.selection import Named

MAX_GROUPS = 10 * MAX_LANES
"""Lanes of one query that are computed at all."""
S = TypeVar("S", bound=Named)
Values = list[float | None]


class PanelLane(msgspec.Struct, omit_defaults=True):
    """A line of a panel, by the query that it came from."""

    label: str
    labels: dict[str, str]
    query: int
    values: Values
    bound: float | None = None
    """Of a row of a heat map: the largest value that falls into it."""


class PanelLanes(NamedTuple):
    """What is shown of a panel, and how many lanes are not."""

    lanes: list[PanelLane]
    left_out: int = 0


def lanes_of(
    panel: Panel, points: Mapping[S, Slots], start: int, end: int, step: int
) -> list[PanelLane]:
    """Return the lanes of a panel, each with a name of its own, and not more than can be shown."""
    return rounded_lanes(shown_of(panel, points, start, end, step).lanes)


def shown_of(
    panel: Panel, points: Mapping[S, Slots], start: int, end: int, step: int
) -> PanelLanes:
    """The same with values as they are, and how many lanes are left out."""
    if panel.kind == "heatmap":
        rows = heatmap(panel.queries[0], points, start, end, step)
        return PanelLanes([PanelLane(row.label, {}, 0, row.values, row.bound) for row in rows])
    lanes: list[PanelLane] = []
    there = 0
    for number, query in enumerate(panel.queries):
        found, left_out = evaluate_some(query, points, start, end, step, MAX_GROUPS)
        there += len(found) + left_out
        lanes += [
            PanelLane(lane.label, lane.labels, number, lane.values)
            for lane in top(found, MAX_LANES)
        ]
    shown = _told_apart(lanes[:MAX_LANES])
    return PanelLanes(shown, there - len(shown))


def with_each_worker(body: Body) -> Body:
    """Return a board with a lane for each worker."""
    return msgspec.structs.replace(
        body,
        panels=[
            msgspec.structs.replace(panel, queries=list(map(_by_worker, panel.queries)))
            for panel in body.panels
        ],
    )


def longest_average(body: Body) -> int:
    """Return how many steps before the first one its moving averages reach back."""
    return max((query.smooth or 1) - 1 for query in [*queries_of(body), Query("none")])


def queries_of(body: Body) -> list[Query]:
    """Return all queries of a board."""
    return [query for panel in body.panels for query in panel.queries]


def rounded_lanes(lanes: list[PanelLane]) -> list[PanelLane]:
    """Return lanes whose values are to be written in digits."""
    for lane in lanes:
        lane.values = [rounded(value) for value in lane.values]
    return lanes


def rounded(value: float | None) -> float | None:
    """Return a number without the dust of binary fractions: twelve digits are more than anybody
    measures, and shorter to send."""
    return float(f"{value:.12g}") if isinstance(value, float) else value


def _by_worker(query: Query) -> Query:
    if "worker" in query.by or EVERY_LABEL in query.by:
        return query
    legend = f"{query.legend} {{worker}}" if query.legend else ""
    return msgspec.structs.replace(query, by=(*query.by, "worker"), legend=legend)


def _told_apart(lanes: list[PanelLane]) -> list[PanelLane]:
    seen: dict[str, int] = {}
    for lane in lanes:
        seen[lane.label] = times = seen.get(lane.label, 0) + 1
        if times > 1:
            lane.label = f"{lane.label} ({times})"
    return lanes
