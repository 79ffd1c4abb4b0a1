"""Which series a query means."""

from fnmatch import fnmatchcase
from typing import Protocol

from dashboard.queries.query import EVERY_LABEL, Query

Labels = tuple[tuple[str, str], ...]


class Named(Protocol):
    """What a series is known by."""

    @property
    def name(self) -> str: ...

    @property
    def labels(self) -> Labels: ...

    @property
    def source(self) -> str | None:
        """The slug of who sent it, nothing where it is our own."""


def matches(query: Query, series: Named) -> bool:
    """Whether a query means a series. A label that a series does not have is empty."""
    if not fnmatchcase(series.name, query.metric) or not _is_of(query.source, series.source):
        return False
    if not query.labels:
        return True
    labels = _labels(series)
    return all(fnmatchcase(labels.get(name, ""), pattern) for name, pattern in query.labels.items())


def group_of(query: Query, series: Named) -> Labels:
    """Return the labels of the lane that a series belongs to."""
    labels = _labels(series)
    if EVERY_LABEL in query.by:
        return tuple(labels.items())
    return tuple((name, labels.get(name, "")) for name in dict.fromkeys(query.by))


def is_literal(pattern: str) -> bool:
    """Whether a glob means one name alone."""
    return not any(sign in pattern for sign in "*?[")


def _is_of(wanted: str, source: str | None) -> bool:
    return fnmatchcase(source, wanted) if wanted and source else not wanted and not source


def _labels(series: Named) -> dict[str, str]:
    labels = dict(series.labels)
    # Nobody who sends something can say that it came from elsewhere.
    return labels | {"source": series.source} if series.source else labels
