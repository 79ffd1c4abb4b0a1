"""The boards that this process tells of, and what is read of them. Off the event loop, but for
looking up what is there."""

import time
from collections.abc import Collection

from dashboard.boards.access import Shown, definition_of
from dashboard.boards.catalogue import catalogue
from dashboard.boards.panels import queries_of
from dashboard.boards.protocol import LanesRow, SecondRow
from dashboard.boards.screen import Points, Screen, Told, lanes_row, rows_of, stretches
from dashboard.models import Measures, StoredReport
from dashboard.storage.codec import decode_report
from dashboard.storage.reading import read
from realtime_project.live.changes import Change, Row, row
from realtime_project.live.cursor import Want, is_near

MAX_SECONDS = 25
"""More than that is not told second by second: a page loads it."""
SEED_SECONDS = 60

_screens: dict[str, Screen] = {}


def screen_of(slug: str) -> Screen | None:
    """Return a board that is told already."""
    return _screens.get(slug)


def drop(slug: str) -> None:
    """Forget a board that nobody looks at any more."""
    _screens.pop(slug, None)


def renew(slug: str) -> tuple[Screen | None, bool]:
    """Read a board and its series; returns what it is by now, nothing where it is gone, and
    whether it is still what was told of it."""
    shown, known = definition_of(slug), _screens.get(slug)
    if shown is None:
        drop(slug)
        return None, False
    fresh = _made(shown)
    if known is not None and known.shows_the_same(fresh):
        known.take_series(fresh)
        return known, True
    now = int(time.time())
    fresh.seed(read_points(fresh, now - SEED_SECONDS, now), now - SEED_SECONDS, now)
    _screens[slug] = fresh
    return fresh, False


def read_points(screen: Screen, start: int, end: int) -> Points:
    """Return what was measured of a board's series, second by second, from what is stored."""
    found = read(list(screen.series), start, end, 1)
    return {screen.series[pk]: points for pk, points in found.items() if points}


def changes(wants: Collection[Want]) -> dict[Want, Change]:
    """Return what was told of boards after a rev, from what is stored. Of more than half a
    minute it says that the state is to be loaded."""
    measures = Measures.current()
    return {want: _change(want, measures) for want in wants}


def _change(want: Want, measures: Measures) -> Change:
    slug = want.key.partition(":")[2]
    too_much = Change(want.key, want.after, measures.rev, reset=True)
    if not is_near(want.after, measures):
        return too_much
    seconds = _seconds_between(want.after, measures.rev)
    if len(seconds) > MAX_SECONDS:
        return too_much
    screen = screen_of(slug) or renew(slug)[0]
    if screen is None:
        raise LookupError(slug)
    rows = _rows(screen, seconds, measures.rev)
    return Change(want.key, want.after, measures.rev, tuple(rows))


def recent(slug: str, rev: int) -> list[LanesRow | SecondRow]:
    """Return the last minute of a board, as rows."""
    screen = screen_of(slug) or renew(slug)[0]
    if screen is None:
        return []
    now = int(time.time())
    told = told_of(screen, range(now - SEED_SECONDS, now + 1))
    return [lanes_row(screen, rev), *rows_of(told, rev)]


def _rows(screen: Screen, seconds: set[int], rev: int) -> list[Row]:
    seconds_told = rows_of(told_of(screen, seconds), rev)
    return [row(lanes_row(screen, rev)), *map(row, seconds_told)]


def told_of(screen: Screen, seconds: Collection[int]) -> Told:
    """Return the values of some seconds, from what is stored."""
    told: Told = {}
    for start, end in stretches(seconds):
        points = read_points(screen, start - screen.reach, end)
        told |= screen.told(points, range(start, end))
    return told


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
    return Screen(shown, catalogue.select(queries_of(shown.body), shown.scope), newest)
