"""What one panel shows: the lanes of its queries. Pure."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from dashboard.boards.body import MAX_LANES, Body, Panel
from dashboard.queries import Query, evaluate, heatmap
from dashboard.queries.evaluation import Slots, top
from dashboard.queries.selection import Named

S = TypeVar("S", bound=Named)
Values = list[float | None]
EACH_WORKER = "*"


class PanelLane(msgspec.Struct, omit_defaults=True):
    """A line of a panel, by the query that it came from."""

    label: str
    labels: dict[str, str]
    query: int
    values: Values
    bound: float | None = None
    """Of a row of a heat map: the largest value that falls into it."""


def lanes_of(
    panel: Panel, points: Mapping[S, Slots], start: int, end: int, step: int
) -> list[PanelLane]:
    """Return the lanes of a panel, each with a name of its own, and not more than can be shown."""
    if panel.kind == "heatmap":
        rows = heatmap(panel.queries[0], points, start, end, step)
        return [PanelLane(row.label, {}, 0, row.values, row.bound) for row in rows]
    lanes = [
        PanelLane(lane.label, lane.labels, number, [rounded(value) for value in lane.values])
        for number, query in enumerate(panel.queries)
        for lane in top(evaluate(query, points, start, end, step), MAX_LANES)
    ]
    return _told_apart(lanes[:MAX_LANES])


def for_worker(body: Body, worker: str) -> Body:
    """Return a board with the series of one worker alone, or, for `*`, with a lane for each."""
    if not worker:
        return body
    return msgspec.structs.replace(
        body,
        panels=[
            msgspec.structs.replace(panel, queries=[_for(query, worker) for query in panel.queries])
            for panel in body.panels
        ],
    )


def longest_average(body: Body) -> int:
    """Return how many steps before the first one its moving averages reach back."""
    return max((query.smooth or 1) - 1 for query in [*queries_of(body), Query("none")])


def queries_of(body: Body) -> list[Query]:
    """Return all queries of a board."""
    return [query for panel in body.panels for query in panel.queries]


def rounded(value: float | None) -> float | None:
    """Return a number without the dust of binary fractions: twelve digits are more than anybody
    measures, and shorter to send."""
    return None if value is None else float(f"{value:.12g}")


def _for(query: Query, worker: str) -> Query:
    if worker != EACH_WORKER:
        return msgspec.structs.replace(query, labels=query.labels | {"worker": _literal(worker)})
    if "worker" in query.by or EACH_WORKER in query.by:
        return query
    legend = f"{query.legend} {{worker}}" if query.legend else ""
    return msgspec.structs.replace(query, by=(*query.by, "worker"), legend=legend)


def _literal(worker: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in worker)


def _told_apart(lanes: list[PanelLane]) -> list[PanelLane]:
    seen: dict[str, int] = {}
    for lane in lanes:
        seen[lane.label] = times = seen.get(lane.label, 0) + 1
        if times > 1:
            lane.label = f"{lane.label} ({times})"
    return lanes
