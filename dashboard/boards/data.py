"""What a board shows of a stretch of time, read from what is stored. Off the event loop."""

import logging
from collections.abc import Iterator, Mapping
from itertools import compress
from operator import not_
from typing import Any

from dashboard.boards import budget
from dashboard.boards.access import Shown
from dashboard.boards.annotations import shown_on
from dashboard.boards.blanks import why_blank
from dashboard.boards.body import Panel
from dashboard.boards.catalogue import Selectable, catalogue
from dashboard.boards.concern import Concern, concern_of
from dashboard.boards.packing import packed
from dashboard.boards.panels import (
    longest_average,
    rounded_lanes,
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
from realtime_project.live.changes import chunked

logger = logging.getLogger(__name__)

Points = Mapping[Selectable, Mapping[int, Point]]
EACH_WORKER = "*"
TOO_MUCH: dict[str, Any] = {"lanes": [], "left_out": 0, "blank": "too_much"}
ALIVE = "process_cpu_seconds_total"
"""Every process tells this of itself."""


def data_of(
    shown: Shown, reader: User, span: Span, worker: str = "", *, is_packed: bool = False
) -> dict[str, Any]:
    """Return the lanes of every panel and what stands beside them: as our own pages read it, or
    in digits. Raises Refused where all of it is too much to compute."""
    # Before the points: what is stored meanwhile is told once more by the topic, not never.
    rev = Measures.current().rev
    panels = {
        panel.id: (TOO_MUCH if points is None else _told(panel, points, shown, span, is_packed))
        for panel, points in each_measured(shown, span, worker)
    }
    concern = concern_of(shown, reader)
    return {
        "rev": rev,
        "now": now(),
        "from": span.start,
        "to": span.end,
        "step": span.step,
        "seconds": list(span.seconds),
        "panels": panels,
        "workers": workers(concern, span),
        "annotations": shown_on(shown, concern, span.start, span.end),
    }


def _told(
    panel: Panel, points: Points, shown: Shown, span: Span, is_packed: bool
) -> dict[str, Any]:
    """Return what a panel shows, and why where that is nothing. One that cannot be computed does
    not take the others with it."""
    try:
        found = shown_of(panel, points, *span)
    except Exception:
        logger.exception("The panel %s cannot be computed", panel.id)
        return {"lanes": [], "left_out": 0, "blank": "failed"}
    lanes = list(map(packed, found.lanes)) if is_packed else rounded_lanes(found.lanes)
    told = {"lanes": lanes, "left_out": found.left_out}
    return told if lanes else told | {"blank": why_blank(panel, points, shown)}


def nothing_of(shown: Shown, span: Span) -> dict[str, Any]:
    """Return the same without anything measured, for a page of what was refused. It asks nobody:
    the page does, and begins with what it is told then."""
    panels = {panel.id: TOO_MUCH for panel in shown.body.panels}
    return {
        "rev": 0,
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


def each_measured(
    shown: Shown, span: Span, worker: str = ""
) -> Iterator[tuple[Panel, Points | None]]:
    """Yield each panel of a board as somebody looks at it, with the series of one worker or, for
    `*`, with a lane for each, and what was measured of the series that it shows: nothing where
    these are too many beside the others. Some panels are read at once, and let go of before the
    next ones. Raises Refused where there is none that can be computed."""
    is_each = worker == EACH_WORKER
    body = with_each_worker(shown.body) if is_each else shown.body
    catalogue.refresh()
    whose = "" if is_each else worker
    wanted = [(one, catalogue.select(one.queries, shown.scope, whose)) for one in body.panels]
    reach = longest_average(body)
    steps = len(span.seconds) + reach
    meant = [len(series) for _panel, series in wanted]
    fits = budget.affordable(meant, steps)
    if not any(compress(meant, fits)):
        budget.check(meant, steps)
    yield from ((panel, None) for panel, _series in compress(wanted, map(not_, fits)))
    wanted = list(compress(wanted, fits))
    with budget.turn(sum(compress(meant, fits)) * steps):
        for together in chunked(wanted, lambda one: len(one[1]) * steps, budget.AT_ONCE):
            series = [pk for _panel, some in together for pk in some]
            found = read(set(series), span.start - reach * span.step, span.end, span.step)
            for panel, some in together:
                points = {one: found[pk] for pk, one in some.items() if found[pk]}
                yield panel, points
                # Whoever took it still holds it while the next ones are read.
                points.clear()
            del found


def workers(concern: Concern, span: Span) -> list[str]:
    """Return who reported within a stretch of time, of those whom it concerns."""
    if not concern.own:
        return []
    series = catalogue.select([Query(ALIVE)], Scope(own=True, sources={}))
    found = read(list(series), span.start, span.end, span.step)
    names = {series[pk].worker for pk, points in found.items() if points}
    return sorted(name for name in names - {""} if concern.is_about(name))
