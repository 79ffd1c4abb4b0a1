"""Why there is nothing in a panel. Pure, but for looking up which series there are."""

from collections.abc import Iterable, Mapping

from dashboard.boards.access import Shown
from dashboard.boards.body import Panel
from dashboard.boards.catalogue import Selectable, catalogue
from dashboard.boards.scope import Scope
from dashboard.queries import Query
from dashboard.queries.selection import is_literal
from dashboard.storage.points import Point


def why_blank(panel: Panel, points: Mapping[Selectable, Mapping[int, Point]], shown: Shown) -> str:
    """Return a word for what whoever looks after the board can do about it; nothing where there
    was nothing to be measured."""
    scope = shown.scope
    if not panel.queries:
        return "no_query"
    if is_without_source(panel, scope):
        return "no_source"
    meant = catalogue.select(panel.queries, scope)
    if not meant:
        # Of what comes with the product nothing is misspelt: it has not happened so far.
        return "not_yet" if shown.group == "built_in" else "no_series"
    if panel.kind == "heatmap" and not _is_spread(meant.values(), points):
        return "no_distribution"
    return ""


def is_without_source(panel: Panel, scope: Scope) -> bool:
    """Whether a panel asks for what is gone, or not shown to the owner, and for nothing else."""
    return bool(panel.queries) and not any(_has_source(query, scope) for query in panel.queries)


def _has_source(query: Query, scope: Scope) -> bool:
    if not query.source:
        return scope.own
    return not is_literal(query.source) or query.source in scope.sources.values()


def _is_spread(
    meant: Iterable[Selectable], points: Mapping[Selectable, Mapping[int, Point]]
) -> bool:
    """Whether a heat map could show something of it, as far as it was measured at all."""
    measured = [point for one in meant for point in points.get(one, {}).values()]
    return not measured or any(point.buckets is not None for point in measured)
