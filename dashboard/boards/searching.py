"""Finding series to show, as somebody who makes a board does."""

from collections import defaultdict
from typing import Any

from dashboard.boards.access import scope_of
from dashboard.boards.catalogue import catalogue
from dashboard.models import Series
from realtime_project.accounts.models import User

MAX_FOUND = 200
MAX_VALUES = 20


def search_series(person: User, text: str) -> list[dict[str, Any]]:
    """Return the names of series that somebody may see, with the labels by which they are told
    apart: those in which every word of a text occurs, in the name or in labels."""
    catalogue.refresh()
    scope, words = scope_of(person), text.lower().split()
    found: dict[tuple[str, str], dict[str, Any]] = {}
    labels: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for one in catalogue.series(scope):
        source = "" if one.source is None else scope.sources[one.source]
        known = (source, one.name)
        if not _has(one, source, words) or (known not in found and len(found) >= MAX_FOUND):
            continue
        found.setdefault(
            known, {"name": one.name, "source": source, "kind": one.kind, "unit": one.unit}
        )
        for label, value in one.labels.items():
            labels[known][label].add(value)
    return [one | {"labels": _few(labels[known])} for known, one in found.items()]


def _few(labels: dict[str, set[str]]) -> dict[str, list[str]]:
    return {label: sorted(values)[:MAX_VALUES] for label, values in labels.items()}


def _has(series: Series, source: str, words: list[str]) -> bool:
    if not words:
        return True
    told = " ".join([series.name, source, *series.labels, *series.labels.values()]).lower()
    return all(word in told for word in words)
