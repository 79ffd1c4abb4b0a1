"""What a panel shows of what was measured: which series, put together how. Pure."""

from dashboard.queries.evaluation import Lane, evaluate, evaluate_some, slots
from dashboard.queries.heatmap import heatmap
from dashboard.queries.query import EVERY_LABEL, Function, Query
from dashboard.queries.selection import matches

__all__ = [
    "EVERY_LABEL",
    "Function",
    "Lane",
    "Query",
    "evaluate",
    "evaluate_some",
    "heatmap",
    "matches",
    "slots",
]
