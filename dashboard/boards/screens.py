"""The boards that this process tells of, and what is read of them. Off the event loop, but for
keeping them and looking up which are kept."""

from collections.abc import Collection
from itertools import compress
from operator import not_

from dashboard.boards import budget
from dashboard.boards.access import Shown, definition_of
from dashboard.boards.blanks import is_without_source
from dashboard.boards.catalogue import catalogue
from dashboard.boards.protocol import LanesRow, SecondRow
from dashboard.boards.screen import Points, Screen, Told, lanes_row, rows_of, stretches
from dashboard.boards.spans import SLOTS
from dashboard.measuring.present import now
from dashboard.models import Measures, StoredReport
from dashboard.storage.codec import decode_report
from dashboard.storage.reading import read
from realtime_project.live.changes import Change, row
from realtime_project.live.cursor import Want, is_near

MAX_SECONDS = 25
"""More than that is not told second by second: a page loads it."""
SEED_SECONDS = 60

_kept: dict[str, Screen] = {}


def kept(slug: str) -> Screen | None:
    """Return a board that is told here, as it was a few seconds ago."""
    return _kept.get(slug)


def keep(slug: str, screen: Screen) -> None:
    """Hold a board for as long as somebody looks at it. Who tells it says when that ends."""
    _kept[slug] = screen


def drop(slug: str) -> None:
    """Hold a board no longer."""
    _kept.pop(slug, None)


def read_anew(slug: str) -> Screen | None:
    """Return a board as it is now, nothing where it is gone. Where it is told here and shows the
    same, its lanes keep their places."""
    shown, known = definition_of(slug), _kept.get(slug)
    if shown is None:
        return None
    fresh = _made(shown)
    if known is not None and known.shows_the_same(fresh) and not known.is_full:
        known.take_series(fresh)
        return known
    end = int(now())
    fresh.seed(read_points(fresh, end - SEED_SECONDS, end), end - SEED_SECONDS, end)
    return fresh


def read_points(screen: Screen, start: int, end: int) -> Points:
    """Return what was measured of a board's series, second by second, from what is stored."""
    found = read(list(screen.series), start, end, 1)
    return {screen.series[pk]: points for pk, points in found.items() if points}


def changes(wants: Collection[Want]) -> dict[Want, Change]:
    """Return what was told of boards after a rev, from what is stored. Of more than half a
    minute it says that the state is to be loaded."""
    measures = Measures.current()
    return {want: _change(want, measures) for want in wants}


def recent(slug: str, rev: int) -> list[LanesRow | SecondRow]:
    """Return the last minute of a board, as rows."""
    end = int(now()) + 1
    return _rows(slug, range(end - SEED_SECONDS - 1, end), rev)


def told_of(screen: Screen, seconds: Collection[int]) -> Told:
    """Return the values of some seconds, from what is stored."""
    told: Told = {}
    for start, end in stretches(seconds):
        points = read_points(screen, start - screen.reach, end)
        told |= screen.told(points, range(start, end))
    return told


def _change(want: Want, measures: Measures) -> Change:
    too_much = Change(want.key, want.after, measures.rev, reset=True)
    if not is_near(want.after, measures):
        return too_much
    seconds = _seconds_between(want.after, measures.rev)
    if len(seconds) > MAX_SECONDS:
        return too_much
    rows = _rows(want.key.partition(":")[2], seconds, measures.rev)
    if not rows:
        raise LookupError(want.key)
    return Change(want.key, want.after, measures.rev, tuple(map(row, rows)))


def _rows(slug: str, seconds: Collection[int], rev: int) -> list[LanesRow | SecondRow]:
    """Return the lanes of a board and some seconds; nothing where it is gone."""
    screen = read_anew(slug)
    if screen is None:
        return []
    told = told_of(screen, seconds)
    return [lanes_row(screen, rev), *rows_of(screen, told, rev)]


def _seconds_between(after: int, rev: int) -> set[int]:
    reports = StoredReport.objects.filter(rev__gt=after, rev__lte=rev)
    return {
        second
        for body in reports.values_list("body", flat=True)
        for second in decode_report(bytes(body))
    }


def _made(shown: Shown) -> Screen:
    # Before the series are read: what is made meanwhile is looked for again.
    catalogue.refresh()
    newest = catalogue.newest
    panels = shown.body.panels
    meant = [catalogue.select(panel.queries, shown.scope) for panel in panels]
    # What is too much to be loaded is too much to be told.
    fits = budget.affordable(map(len, meant), SLOTS)
    series = {pk: one for some in compress(meant, fits) for pk, one in some.items()}
    silent = {panel.id: "too_much" for panel in compress(panels, map(not_, fits))}
    # Who loaded the page before its source was withdrawn shows it, and has nothing to go by.
    silent |= {panel.id: "no_source" for panel in panels if is_without_source(panel, shown.scope)}
    return Screen(shown, series, newest, silent)
