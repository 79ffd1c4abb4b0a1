"""What a board shows of a stretch of time, read from what is stored. Off the event loop."""

import logging
from collections.abc import Mapping
from typing import Any

from dashboard.boards import budget
from dashboard.boards.access import Shown
from dashboard.boards.annotations import shown_on
from dashboard.boards.blanks import why_blank
from dashboard.boards.body import Body, Panel
from dashboard.boards.catalogue import Selectable, catalogue
from dashboard.boards.concern import Concern, concern_of
from dashboard.boards.panels import (
    PanelLanes,
    longest_average,
    queries_of,
    shown_of,
    with_each_worker,
)
from dashboard.boards.scope import Scope
from dashboard.boards.spans import Span
from dashboard.measuring.present import now
from dashboard.models import Measures
from dashboard.queries import Query
from dashboard.storage.points import Point
from dashboard.storage.reading import read
from realtime_project.accounts.models import User

logger = logging.getLogger(__name__)

Points = Mapping[Selectable, Mapping[int, Point]]
EACH_WORKER = "*"
ALIVE = "process_cpu_seconds_total"
"""Every process tells this of itself."""


def data_of(shown: Shown, reader: User, span: Span, worker: str = "") -> dict[str, Any]:
    """Return the lanes of every panel, as a page draws them, and what stands beside them. Raises
    Refused where that is too much to compute."""
    # Before the points: what is stored meanwhile is told once more by the topic, not never.
    rev = Measures.current().rev
    body, points = measured(shown, span, worker)
    concern = concern_of(shown, reader)
    return {
        "rev": rev,
        "now": now(),
        "from": span.start,
        "to": span.end,
        "step": span.step,
        "seconds": list(span.seconds),
        "panels": {panel.id: _told(panel, points, shown.scope, span) for panel in body.panels},
        "workers": workers(concern, span),
        "annotations": shown_on(shown, concern, span.start, span.end),
    }


def nothing_of(shown: Shown, span: Span) -> dict[str, Any]:
    """Return the same without anything measured, for a page of what was refused."""
    panels = {
        panel.id: {"lanes": [], "left_out": 0, "blank": "too_much"} for panel in shown.body.panels
    }
    return {
        "rev": Measures.current().rev,
        "now": now(),
        "from": span.start,
        "to": span.end,
        "step": span.step,
        "seconds": [],
        "panels": panels,
        "workers": [],
        "annotations": [],
        "refused": True,
    }


def _told(panel: Panel, points: Points, scope: Scope, span: Span) -> dict[str, Any]:
    """Return what a panel shows, and why where that is nothing. One that cannot be computed does
    not take the others with it."""
    try:
        found = shown_of(panel, points, *span)
    except Exception:
        logger.exception("The panel %s cannot be computed", panel.id)
        return PanelLanes([])._asdict() | {"blank": "failed"}
    if found.lanes:
        return found._asdict()
    return found._asdict() | {"blank": why_blank(panel, points, scope)}


def measured(shown: Shown, span: Span, worker: str = "") -> tuple[Body, Points]:
    """Return a board as somebody looks at it, with the series of one worker or, for `*`, with a
    lane for each, and what was measured of the series that it shows."""
    is_each = worker == EACH_WORKER
    body = with_each_worker(shown.body) if is_each else shown.body
    catalogue.refresh()
    wanted = queries_of(body)
    selected, meant = catalogue.select(wanted, shown.scope, "" if is_each else worker)
    reach = longest_average(body)
    budget.check(meant, len(span.seconds) + reach)
    found = read(list(selected), span.start - reach * span.step, span.end, span.step)
    return body, {selected[pk]: points for pk, points in found.items() if points}


def workers(concern: Concern, span: Span) -> list[str]:
    """Return who reported within a stretch of time, of those whom it concerns."""
    if not concern.own:
        return []
    series = catalogue.select([Query(ALIVE)], Scope(own=True, sources={})).series
    found = read(list(series), span.start, span.end, span.step)
    names = {series[pk].worker for pk, points in found.items() if points}
    return sorted(name for name in names - {""} if concern.is_about(name))
