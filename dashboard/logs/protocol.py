"""What is told of logs."""

import msgspec

from dashboard.logs.lines import Line


class LinesRow(msgspec.Struct, frozen=True, tag_field="kind", tag="lines"):
    """Lines that came together; `id` is the rev."""

    id: int
    rev: int
    lines: list[Line]
