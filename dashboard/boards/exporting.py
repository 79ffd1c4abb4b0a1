"""One panel's numbers, to take along."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import msgspec
from django.http import HttpResponse

from dashboard.boards.access import Shown
from dashboard.boards.body import Body, Panel
from dashboard.boards.data import each_measured
from dashboard.boards.panels import PanelLane, lanes_of
from dashboard.boards.spans import Span

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# At the beginning of a cell: which sign separates cells, a spreadsheet decides by where it is.
FORMULA = re.compile(r"(^|[,;|])([\s\"']*)(?=[=+\-@＝＋－＠])")


def as_csv(shown: Shown, panel: Panel, span: Span, worker: str) -> HttpResponse:
    """Return a row for each step, a column for each lane."""
    lanes = _lanes(shown, panel, span, worker)
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(["time", "unix", *(_harmless(lane.label) for lane in lanes)])
    for at, second in enumerate(span.seconds):
        values = ["" if lane.values[at] is None else lane.values[at] for lane in lanes]
        rows.writerow([datetime.fromtimestamp(second, UTC).isoformat(), second, *values])
    return _download(text.getvalue(), "text/csv; charset=utf-8", f"{shown.slug}-{panel.id}.csv")


def as_json(shown: Shown, panel: Panel, span: Span, worker: str) -> HttpResponse:
    """Return the panel, its lanes and the seconds of their values."""
    told = {
        "board": shown.slug,
        "panel": panel,
        "step": span.step,
        "seconds": list(span.seconds),
        "lanes": _lanes(shown, panel, span, worker),
    }
    text = msgspec.json.encode(told).decode()
    return _download(text, "application/json", f"{shown.slug}-{panel.id}.json")


def _lanes(shown: Shown, panel: Panel, span: Span, worker: str) -> list[PanelLane]:
    alone = replace(shown, body=Body(shown.body.title, [panel]))
    # Alone it is refused where it is too much.
    measured = each_measured(alone, span, worker)
    [lanes] = [lanes_of(one, points or {}, *span) for one, points in measured]
    return lanes


def _harmless(label: str) -> str:
    # A spreadsheet would take what somebody sent as a label for a formula.
    return FORMULA.sub(r"\1\2'", CONTROL.sub(" ", label))


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
