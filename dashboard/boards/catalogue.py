"""The series that there are, as queries select them. Kept by each process, because the same
thousands are gone through again and again; only what is new is read."""

import threading
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from typing import NamedTuple

from dashboard.boards.scope import Scope
from dashboard.models import Series
from dashboard.queries import Query, matches
from dashboard.queries.selection import Labels, is_literal
from dashboard.storage.anew import on_other_database

MAX_SELECTED = 2_000
"""Series behind one query: beyond it those that came first are shown."""
MOST_FOUND = 500
"""For so many queries it is remembered what they mean, until there are other series."""


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


class Catalogue:
    """All series by name."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    @property
    def newest(self) -> int:
        """The number of the newest series that is known."""
        return self._last

    def refresh(self) -> None:
        """Learn of series that are new, and of all anew where some were deleted. Off the event
        loop."""
        with self._lock:
            if Series.objects.filter(pk__lte=self._last).count() != self._count:
                self._begin()
            if new := list(Series.objects.filter(pk__gt=self._last).order_by("pk")):
                self._add(new)

    def forget(self) -> None:
        """Know no series any more: their rows may have gone, or be another's."""
        with self._lock:
            self._begin()

    def select(
        self, queries: Iterable[Query], scope: Scope, worker: str = ""
    ) -> dict[int, Selectable]:
        """Return the series that any of these queries means, of those that the scope has; where a
        worker is given, what it tells of itself and nothing else."""
        return {one.pk: one for query in queries for one in self._meant(query, scope, worker)}

    def of_source(self, source: int) -> list[Series]:
        """Return the series that came by a source."""
        return list(self._by_source.get(source, ()))

    def series(self, scope: Scope) -> list[Series]:
        """Return all series that a scope has, by name."""
        names = sorted(self._by_name)
        return [one for name in names for one in self._by_name[name] if _is_in(scope, one)]

    def _begin(self) -> None:
        # Others, because somebody may be looking at what is there.
        self._by_name: dict[str, list[Series]] = defaultdict(list)
        self._by_source: dict[int, list[Series]] = defaultdict(list)
        self._selectable: dict[int, Selectable] = {}
        self._found: dict[Hashable, Sequence[Selectable]] = {}
        self._last = self._count = 0

    def _add(self, new: Sequence[Series]) -> None:
        for one in new:
            self._by_name[one.name].append(one)
            if one.source is not None:
                self._by_source[one.source].append(one)
        self._last, self._count = new[-1].pk, self._count + len(new)
        # Only now: who looked meanwhile remembers what they found in the one before.
        self._found = {}

    def _meant(self, query: Query, scope: Scope, worker: str) -> Sequence[Selectable]:
        # Before it is looked for: what comes meanwhile may be missing in it.
        found = self._found
        labels = tuple(sorted(query.labels.items()))
        sources = frozenset(scope.sources.items())
        key = (query.metric, query.source, labels, worker, scope.own, sources)
        if (known := found.get(key)) is None:
            known = list(islice(self._look_for(query, scope, worker), MAX_SELECTED))
            if len(found) >= MOST_FOUND:
                found.clear()
            found[key] = known
        return known

    def _look_for(self, query: Query, scope: Scope, worker: str) -> Iterator[Selectable]:
        for name in self._named(query.metric):
            for series in self._by_name.get(name, ()):
                if _is_in(scope, series) and worker in ("", series.labels.get("worker")):
                    one = self._as_selectable(series, scope)
                    if matches(query, one):
                        yield one

    def _as_selectable(self, series: Series, scope: Scope) -> Selectable:
        # One for all queries: what they mean is remembered, of each thousands.
        if (known := self._selectable.get(series.pk)) is None:
            known = self._selectable[series.pk] = selectable(series, scope.sources)
        return known

    def _named(self, metric: str) -> Sequence[str]:
        if is_literal(metric):
            return [metric]
        return [name for name in list(self._by_name) if fnmatchcase(name, metric)]


def selectable(series: Series, sources: Mapping[int, str]) -> Selectable:
    """Return a series as queries see it."""
    labels = tuple(sorted(series.labels.items()))
    source = "" if series.source is None else sources[series.source]
    return Selectable(series.name, labels, source, series.pk)


def _is_in(scope: Scope, series: Series) -> bool:
    return scope.own if series.source is None else series.source in scope.sources


catalogue = Catalogue()
on_other_database(catalogue.forget)
