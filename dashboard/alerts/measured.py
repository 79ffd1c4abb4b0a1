"""What rules see of what was measured: all of it read at once, for many rules and times."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import NamedTuple

import msgspec

from dashboard.alerts.rules import STEP_SECONDS, Watched
from dashboard.alerts.sources import slugs
from dashboard.alerts.tail import LONGEST_SECONDS, Tail
from dashboard.models.alerts import Watch
from dashboard.models.series import Kind, Series
from dashboard.queries import Query, evaluate, matches
from dashboard.queries.selection import is_literal
from dashboard.storage.points import Point, merge
from dashboard.storage.reading import Read, read

MISSED_SECONDS = 600
"""How long ago something must have been measured for anybody to miss it."""


class Seen(NamedTuple):
    """What a rule sees of one set of labels at a time."""

    labels: dict[str, str]
    value: float | None


class Known(NamedTuple):
    """A series, as queries name it."""

    pk: int
    name: str
    labels: tuple[tuple[str, str], ...]
    source: str
    kind: str
    unit: str


class Catalogue:
    """All series, by name: read again where there are new ones."""

    def __init__(self) -> None:
        # Whoever looks at a page may ask while rules are looked at.
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Know no series any more: their rows may have gone, or be another's."""
        with self._lock:
            self._begin()

    def refresh(self) -> None:
        """Learn which series are new, and all of them anew where some were deleted."""
        with self._lock:
            if Series.objects.filter(pk__lte=self._last).count() != self._count:
                self._begin()
            self._read_new()

    def of(self, query: Query) -> list[Known]:
        """Return the series that a query means."""
        key = msgspec.json.encode(query)
        if (found := self._found.get(key)) is None:
            found = [one for one in self._named(query.metric) if matches(query, one)]
            self._found[key] = found
        return found

    def _begin(self) -> None:
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._last = self._count = 0
        self._found: dict[bytes, list[Known]] = {}

    def _read_new(self) -> None:
        new = Series.objects.filter(pk__gt=self._last).order_by("pk")
        known = slugs()
        rows = new.values_list("pk", "name", "labels", "source", "kind", "unit")
        for pk, name, labels, source, kind, unit in rows:
            told = tuple(sorted(labels.items()))
            slug = known.get(source, str(source)) if source is not None else ""
            self._by_name[name].append(Known(pk, name, told, slug, kind, unit))
            self._last = pk
            self._count += 1
            self._found.clear()

    def _named(self, metric: str) -> Iterable[Known]:
        if is_literal(metric):
            return self._by_name.get(metric, [])
        return [one for some in self._by_name.values() for one in some]


@dataclass
class Measured:
    """What was measured of all that some rules watch, over a stretch of time."""

    series: dict[int, list[Known]]
    """By rule."""
    points: Read = field(default_factory=dict)

    @classmethod
    def of(
        cls, rules: Sequence[Watched], catalogue: Catalogue, first: int, last: int
    ) -> "Measured":
        """Read all that rules need to be judged at each step from `first` to `last`."""
        series = {rule.pk: catalogue.of(rule.query) for rule in rules}
        start = first - max(map(look_back, rules), default=0)
        pks = _numbers(series.values())
        return cls(series, read(pks, start, last, STEP_SECONDS) if pks else {})

    @classmethod
    def following(
        cls, rules: Sequence[Watched], catalogue: Catalogue, steps: range, tail: Tail
    ) -> "Measured":
        """The same, round by round: what was read before is not read again."""
        first, last = steps[0], steps[-1]
        reach = LONGEST_SECONDS - (last - first)
        near = [one for one in rules if look_back(one) <= reach]
        far = cls.of([one for one in rules if look_back(one) > reach], catalogue, first, last)
        series = {rule.pk: catalogue.of(rule.query) for rule in near}
        since = first - max(map(look_back, near), default=0)
        points = tail.follow(_numbers(series.values()), since)
        return cls(series | far.series, far.points | points)

    def seen(self, rule: Watched, at: int) -> list[Seen]:
        """Return what a rule sees at a time: of its window, which ends there."""
        found = self._over(rule, at - rule.window, at)
        if rule.rule.watch == Watch.NO_DATA and rule.query.by:
            there = [one.labels for one in found]
            before = self._over(rule, at - look_back(rule), at - rule.window)
            found += [Seen(one.labels, None) for one in before if one.labels not in there]
        return found if found or rule.query.by else [Seen({}, None)]

    def unit(self, rule: Watched) -> str:
        """Return in what a rule's values are told."""
        return unit_of(rule.query, self.series.get(rule.pk, []))

    def _over(self, rule: Watched, start: int, end: int) -> list[Seen]:
        told = {}
        for one in self.series[rule.pk]:
            if (whole := self._merged(one.pk, start, end)) is not None:
                told[one] = {start: whole}
        lanes = evaluate(rule.query, told, start, end, end - start)
        return [Seen(lane.labels, lane.values[0]) for lane in lanes]

    def _merged(self, pk: int, start: int, end: int) -> Point | None:
        points = self.points.get(pk)
        if not points:
            return None
        found = [points[at] for at in range(start, end, STEP_SECONDS) if at in points]
        return reduce(merge, found) if found else None


def _numbers(series: Iterable[Sequence[Known]]) -> set[int]:
    return {one.pk for some in series for one in some}


def look_back(rule: Watched) -> int:
    """Return how far back a rule looks: one for what is missing must know what there was."""
    return rule.window + (MISSED_SECONDS if rule.rule.watch == Watch.NO_DATA else 0)


def unit_of(query: Query, series: Sequence[Known]) -> str:
    """Return in what the values of a query are told."""
    if query.fn == "count" or not series:
        return ""
    unit = series[0].unit
    if query.fn == "rate":
        return f"{unit}/s"
    is_spread = series[0].kind == Kind.HISTOGRAM
    return "" if query.fn == "delta" and is_spread else unit
