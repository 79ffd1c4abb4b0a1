"""One query of a panel, as it stands in a board's JSON."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Function = Literal[
    "rate", "delta", "sum", "avg", "min", "max", "last", "count", "percentile"
]  # fmt: skip

EVERY_LABEL = "*"
"""In `by`: each series is a lane of its own."""

MetricPattern = Annotated[str, Meta(min_length=1, max_length=200)]
LabelName = Annotated[str, Meta(pattern=r"^([A-Za-z_][A-Za-z0-9_.-]{0,63}|\*)$")]
Pattern = Annotated[str, Meta(max_length=200)]


class Query(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which series, put together by which labels, and what is shown of them.

    Without `source` they are our own, so that nothing that was sent in is taken for them. A slug
    means what came by that source, `*` what anybody sent, told apart by a label `source`.
    `metric` and the values of `labels` are globs. `by` names the labels that lanes are told
    apart by; without any there is one lane. A function looks at what was measured in one step:

    - `rate`: what was added a second; `delta`: what was added, or all values together;
    - `sum`: the mean of each series, added up: the sockets of all workers;
    - `avg`, `min`, `max`, `last`, `count`: of all that was measured in any of the series;
    - `percentile`: by the share `q`, of the merged histogram. A mean of percentiles it is not.

    `top` keeps the lanes with the highest means, `smooth` is a moving average of so many steps.
    """

    metric: MetricPattern
    source: Annotated[str, Meta(max_length=60)] = ""
    labels: Annotated[dict[LabelName, Pattern], Meta(max_length=20)] = {}
    by: Annotated[tuple[LabelName, ...], Meta(max_length=8)] = ()
    fn: Function = "avg"
    q: Annotated[float, Meta(ge=0, le=1)] = 0.99
    top: Annotated[int, Meta(ge=1, le=50)] | None = None
    smooth: Annotated[int, Meta(ge=1, le=600)] | None = None
    legend: Annotated[str, Meta(max_length=100)] = ""
