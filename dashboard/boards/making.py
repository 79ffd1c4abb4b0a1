"""Writing a board down in code: panels flow onto the grid in the order in which they are named."""

from typing import Any

from dashboard.boards.body import COLUMNS, Body, Kind, Panel, Threshold
from dashboard.queries import Function, Query
from dashboard.queries.query import EVERY_LABEL

PERCENTILES = {"p50": 0.5, "p99": 0.99, "p99.9": 0.999}


def board(title: str, *panels: Panel) -> Body:
    """Return a board of panels whose places are given by their widths and heights."""
    placed: list[Panel] = []
    x = y = below = 0
    for number, panel in enumerate(panels, 1):
        if x + panel.w > COLUMNS:
            x, y = 0, below
        placed.append(_placed(panel, f"p{number}", x, y))
        x, below = x + panel.w, max(below, y + panel.h)
    return Body(title, placed)


def stat(title: str, *queries: Query, warning: float | None = None, **facts: Any) -> Panel:
    """Return a panel with one number and how it came about."""
    return _panel(title, "stat", queries, warning, {"w": 2, "h": 2} | facts)


def line(title: str, *queries: Query, warning: float | None = None, **facts: Any) -> Panel:
    """Return a panel with lines."""
    return _panel(title, "line", queries, warning, facts)


def area(title: str, *queries: Query, **facts: Any) -> Panel:
    """Return a panel with filled lines."""
    return _panel(title, "area", queries, None, facts)


def stacked(title: str, *queries: Query, **facts: Any) -> Panel:
    """Return a panel with lines that stand on each other."""
    return _panel(title, "stacked", queries, None, facts)


def table(title: str, *queries: Query, **facts: Any) -> Panel:
    """Return a panel with a row a lane and a column a query."""
    return _panel(title, "table", queries, None, {"w": 12, "h": 4} | facts)


def heatmap(
    title: str, metric: str, source: str = "", labels: dict[str, str] | None = None, **facts: Any
) -> Panel:
    """Return a panel that shows how the values of a histogram are spread."""
    query = Query(metric, source, labels or {}, fn="count")
    return _panel(title, "heatmap", [query], None, {"unit": "s"} | facts)


def log(title: str, **facts: Any) -> Panel:
    """Return a panel with the log."""
    return _panel(title, "log", (), None, {"w": 12, "h": 8} | facts)


def total(metric: str, **facts: Any) -> Query:
    """Ask for what all workers have together."""
    return Query(metric, fn="sum", **facts)


def rate(metric: str, *by: str, **facts: Any) -> Query:
    """Ask how often something happens in a second."""
    return Query(metric, fn="rate", by=by, **facts)


def spread(metric: str, **facts: Any) -> list[Query]:
    """Ask for the percentiles of the fleet."""
    return [
        Query(metric, fn="percentile", q=share, legend=name, **facts)
        for name, share in PERCENTILES.items()
    ]


def percentile(metric: str, share: float, **facts: Any) -> Query:
    """Ask for one percentile of the fleet."""
    return Query(metric, fn="percentile", q=share, **facts)


def each(metric: str, **facts: Any) -> Query:
    """Ask for each series by itself."""
    return Query(metric, by=(EVERY_LABEL,), **facts)


def by_worker(metric: str, fn: Function = "avg", **facts: Any) -> Query:
    """Ask for each worker."""
    return Query(metric, fn=fn, by=("worker",), **facts)


def _panel(
    title: str, kind: Kind, queries: Any, warning: float | None, facts: dict[str, Any]
) -> Panel:
    options = {name: facts.pop(name) for name in ("note", "columns", "units") if name in facts}
    levels = [] if warning is None else [Threshold(warning, "warning")]
    size = {"w": 4, "h": 3} | facts
    return Panel(
        id="p0", title=str(title), kind=kind, x=0, y=0, queries=list(queries),
        thresholds=levels, options=options | size.pop("options", {}), **size,
    )  # fmt: skip


def _placed(panel: Panel, name: str, x: int, y: int) -> Panel:
    return Panel(
        **{field: getattr(panel, field) for field in panel.__struct_fields__}
        | {"id": name, "x": x, "y": y}
    )
