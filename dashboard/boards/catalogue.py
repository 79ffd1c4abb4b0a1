"""The series that there are, as queries select them. Kept by each process, because the same
thousands are gone through again and again; only what is new is read."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dashboard.boards.scope import Scope
from dashboard.models import Series
from dashboard.queries import Query, matches
from dashboard.queries.selection import Labels, is_literal
from dashboard.storage.anew import on_other_database

MAX_SELECTED = 2_000
"""Series behind one query: beyond it those that came first are shown."""


class Selectable(NamedTuple):
    """A series as a query sees it: with the slug of its source, nothing where it is our own."""

    name: str
    labels: Labels
    source: str
    pk: int

    @property
    def worker(self) -> str:
        """Which worker told it of itself, if one did."""
        return dict(self.labels).get("worker", "")


class Selection(NamedTuple):
    """The series that some queries mean, and how many each of them means, all together."""

    series: dict[int, Selectable]
    meant: int


class Catalogue:
    """All series by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_name: dict[str, list[Series]] = defaultdict(list)
        self._by_source: dict[int, list[Series]] = defaultdict(list)
        self._last = self._count = 0

    @property
    def newest(self) -> int:
        """The number of the newest series that is known."""
        return self._last

    def refresh(self) -> None:
        """Learn of series that are new, and of all anew where some were deleted. Off the event
        loop."""
        with self._lock:
            by_name, by_source = self._by_name, self._by_source
            if Series.objects.filter(pk__lte=self._last).count() != self._count:
                # Aside, because others look at what is there meanwhile.
                by_name, by_source = defaultdict(list), defaultdict(list)
                self._last = self._count = 0
            for one in Series.objects.filter(pk__gt=self._last).order_by("pk"):
                by_name[one.name].append(one)
                if one.source is not None:
                    by_source[one.source].append(one)
                self._last = one.pk
                self._count += 1
            self._by_name, self._by_source = by_name, by_source

    def forget(self) -> None:
        """Know no series any more: their rows may have gone, or be another's."""
        with self._lock:
            self._by_name.clear()
            self._by_source.clear()
            self._last = self._count = 0

    def select(self, queries: Iterable[Query], scope: Scope, worker: str = "") -> Selection:
        """Return the series that any of these queries means, of those that the scope has; where a
        worker is given, what it tells of itself and nothing else."""
        found: dict[int, Selectable] = {}
        meant = 0
        for query in queries:
            some = self._meant(query, scope, worker)[:MAX_SELECTED]
            found |= {one.pk: one for one in some}
            meant += len(some)
        return Selection(found, meant)

    def of_source(self, source: int) -> list[Series]:
        """Return the series that came by a source."""
        return list(self._by_source.get(source, ()))

    def series(self, scope: Scope) -> list[Series]:
        """Return all series that a scope has, by name."""
        names = sorted(self._by_name)
        return [one for name in names for one in self._by_name[name] if _is_in(scope, one)]

    def _meant(self, query: Query, scope: Scope, worker: str) -> list[Selectable]:
        is_one = is_literal(query.metric)
        names = [query.metric] if is_one else list(self._by_name)
        candidates = [
            selectable(one, scope.sources)
            for name in names
            for one in self._by_name.get(name, ())
            if _is_in(scope, one) and worker in ("", one.labels.get("worker"))
        ]
        return [one for one in candidates if matches(query, one)]


def selectable(series: Series, sources: Mapping[int, str]) -> Selectable:
    """Return a series as queries see it."""
    labels = tuple(sorted(series.labels.items()))
    source = "" if series.source is None else sources[series.source]
    return Selectable(series.name, labels, source, series.pk)


def _is_in(scope: Scope, series: Series) -> bool:
    return scope.own if series.source is None else series.source in scope.sources


catalogue = Catalogue()
on_other_database(catalogue.forget)
