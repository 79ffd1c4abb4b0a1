"""What is told live of one board: its lanes in an order that stays, and their values by second.

A lane keeps its place as long as the board stays as it is, and new ones come behind it. So what
was computed for one client a moment ago, or for another one by another thread, is right for
everybody who knows the newest list.
"""

import logging
import secrets
import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import msgspec

from dashboard.boards.access import Shown
from dashboard.boards.body import MAX_LANES, Panel
from dashboard.boards.catalogue import Selectable
from dashboard.boards.panels import (
    PanelLane,
    lanes_of,
    longest_average,
    rounded_lanes,
    shown_of,
)
from dashboard.boards.protocol import LaneName, LanesRow, SecondRow, Values
from dashboard.boards.scope import Scope
from dashboard.storage.points import Point

logger = logging.getLogger(__name__)

Points = Mapping[Selectable, Mapping[int, Point]]
Told = dict[int, dict[str, Values]]
"""Values by second and panel."""
LaneKey = tuple[int, tuple[tuple[str, str], ...], float | None]


class Screen:
    """A board as it is told, by whichever thread."""

    def __init__(
        self,
        shown: Shown,
        series: Mapping[int, Selectable],
        newest_pk: int,
        silent: Mapping[str, str] | None = None,
    ) -> None:
        self.shown = shown
        self.series = dict(series)
        self.newest_pk = newest_pk
        """Series after it may be meant too: nobody has looked."""
        self.is_full = False
        """Lanes came for which there is no place any more: it is to be begun anew."""
        self._silent = dict(silent or {})
        """Panels of which nothing can be told as they are, and why."""
        self._failed: set[str] = set()
        self.reach = longest_average(shown.body)
        self.order = secrets.token_hex(4)
        """By which name those know the order of the lanes that are told of it."""
        self._panels = [panel for panel in shown.body.panels if panel.queries]
        # Which lanes are the top is decided now and then, not by every second anew.
        self._untopped = {panel.id: _without_top(panel) for panel in self._panels}
        self._places: dict[str, dict[LaneKey, int]] = defaultdict(dict)
        self._names: dict[str, list[LaneName]] = {panel.id: [] for panel in self._panels}
        self._lock = threading.Lock()

    @property
    def lanes(self) -> dict[str, list[LaneName]]:
        """The lanes of each panel that are known by now."""
        with self._lock:
            return {panel: list(names) for panel, names in self._names.items()}

    @property
    def blanks(self) -> dict[str, str]:
        """Of which panels nothing can be told, and why."""
        with self._lock:
            failed = dict.fromkeys(self._failed, "failed")
        return failed | self._silent

    @property
    def size(self) -> int:
        """How many lanes there are."""
        return sum(map(len, self._names.values()))

    def is_of(self, version: int, scope: Scope | None) -> bool:
        """Whether the board is still as it was read, and its owner may see what it shows."""
        return version == self.shown.version and scope in (None, self.shown.scope)

    def shows_the_same(self, other: "Screen") -> bool:
        """Whether what was told of this board is right for that one. Titles do not matter: they
        are in somebody's language."""
        return self._essence() == other._essence()

    def take_series(self, other: "Screen") -> None:
        """Learn which series there are by now, and which panels mean too many of them."""
        self.series, self.newest_pk = other.series, other.newest_pk
        self._silent = other._silent

    def seed(self, points: Points, start: int, end: int) -> None:
        """Give the lanes that there are a place, and the top ones of them. What could not be
        computed is tried again."""
        for panel in self._panels:
            with self._by_itself(panel):
                for lane in lanes_of(panel, points, start, end, 1):
                    self._place(panel.id, lane, may_grow=True)
                self._mend(panel)

    def told(self, points: Points, seconds: Collection[int]) -> Told:
        """Return the values of these seconds, by second and panel. A panel that could not be
        computed is left out, until its lanes are seeded again."""
        found: Told = {second: {} for second in sorted(seconds)}
        for start, end in stretches(seconds):
            for panel in self._panels:
                if panel.id not in self._failed:
                    with self._by_itself(panel):
                        self._tell(panel, points, start, end, found)
        return found

    @contextmanager
    def _by_itself(self, panel: Panel) -> Iterator[None]:
        """Keep what goes wrong with a panel from all others."""
        try:
            yield
        except Exception:
            with self._lock:
                is_new = panel.id not in self._failed
                self._failed.add(panel.id)
            if is_new:
                where = f"{self.shown.slug}, {panel.id}"
                logger.exception("A panel cannot be told (%s): it is left out", where)

    def _mend(self, panel: Panel) -> None:
        with self._lock:
            self._failed.discard(panel.id)

    def _tell(self, panel: Panel, points: Points, start: int, end: int, found: Told) -> None:
        placed = []
        shown = shown_of(self._untopped[panel.id], points, start, end, 1)
        for lane in rounded_lanes(shown.lanes):
            is_top = panel.queries[lane.query].top is not None
            place = self._place(panel.id, lane, may_grow=not is_top)
            if place is not None:
                placed.append((place, lane))
            elif not is_top and not shown.left_out:
                self.is_full = True
        for at, second in enumerate(range(start, end)):
            values = [(place, lane.values[at]) for place, lane in placed]
            if any(value is not None for _place, value in values):
                filler = 0.0 if panel.kind == "heatmap" else None
                found[second][panel.id] = _in_places(values, filler)

    def _place(self, panel: str, lane: PanelLane, *, may_grow: bool) -> int | None:
        key = (lane.query, tuple(sorted(lane.labels.items())), lane.bound)
        with self._lock:
            places = self._places[panel]
            if key not in places:
                if not may_grow or len(places) >= 2 * MAX_LANES:
                    return None
                places[key] = len(places)
                name = LaneName(lane.label, lane.labels, lane.query, lane.bound)
                self._names[panel].append(name)
            return places[key]

    def _essence(self) -> tuple[Any, ...]:
        shown = self.shown
        panels = [(panel.id, panel.kind, panel.queries) for panel in self._panels]
        return shown.version, shown.scope, panels


def rows_of(screen: Screen, told: Told, rev: int) -> list[SecondRow]:
    """Return the rows of some seconds, all of one rev. A second without values is left out."""
    return [
        SecondRow(second, rev, screen.order, panels) for second, panels in told.items() if panels
    ]


def lanes_row(screen: Screen, rev: int) -> LanesRow:
    """Return the row that names the lanes."""
    return LanesRow(0, rev, screen.order, screen.lanes, screen.blanks)


def stretches(seconds: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield [start, end) of the seconds that follow each other."""
    for _, together in groupby(enumerate(sorted(seconds)), lambda one: one[1] - one[0]):
        run = [second for _at, second in together]
        yield run[0], run[-1] + 1


def _in_places(values: list[tuple[int, float | None]], filler: float | None) -> Values:
    told: Values = [filler] * (max(place for place, _value in values) + 1)
    for place, value in values:
        told[place] = value
    return told


def _without_top(panel: Panel) -> Panel:
    queries = [msgspec.structs.replace(query, top=None) for query in panel.queries]
    return msgspec.structs.replace(panel, queries=queries)
