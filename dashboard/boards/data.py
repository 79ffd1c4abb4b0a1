"""What a board shows of a stretch of time, read from what is stored. Off the event loop."""

import time
from collections.abc import Mapping
from typing import Any

from dashboard.boards.access import Shown
from dashboard.boards.annotations import shown_on
from dashboard.boards.body import Body
from dashboard.boards.catalogue import Selectable, catalogue
from dashboard.boards.panels import for_worker, lanes_of, longest_average, queries_of
from dashboard.boards.scope import Scope
from dashboard.boards.spans import Span
from dashboard.models import Measures
from dashboard.queries import Query
from dashboard.storage.points import Point
from dashboard.storage.reading import read

Points = Mapping[Selectable, Mapping[int, Point]]
ALIVE = "process_cpu_seconds_total"
"""Every process tells this of itself."""


def data_of(shown: Shown, span: Span, worker: str = "") -> dict[str, Any]:
    """Return the lanes of every panel, as a page draws them."""
    body = for_worker(shown.body, worker)
    # Before the points: what is stored meanwhile is told once more by the topic, not never.
    rev = Measures.current().rev
    points = measured(shown, body, span)
    return {
        "rev": rev,
        "now": time.time(),
        "from": span.start,
        "to": span.end,
        "step": span.step,
        "seconds": list(span.seconds),
        "panels": {panel.id: {"lanes": lanes_of(panel, points, *span)} for panel in body.panels},
        "workers": workers(span) if shown.scope.own else [],
        "annotations": shown_on(shown, span.start, span.end),
    }


def measured(shown: Shown, body: Body, span: Span) -> Points:
    """Return what was measured of the series that a board shows."""
    catalogue.refresh()
    selected = catalogue.select(queries_of(body), shown.scope)
    start = span.start - longest_average(body) * span.step
    found = read(list(selected), start, span.end, span.step)
    return {selected[pk]: points for pk, points in found.items() if points}


def workers(span: Span) -> list[str]:
    """Return who reported within a stretch of time."""
    series = catalogue.select([Query(ALIVE)], Scope(own=True, sources={}))
    found = read(list(series), span.start, span.end, span.step)
    names = {dict(series[pk].labels).get("worker", "") for pk, points in found.items() if points}
    return sorted(names - {""})
