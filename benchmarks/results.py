"""What was measured: rows, and what was left out."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from tests.servers.process import NotInstalled


@dataclass(frozen=True)
class Row:
    """One figure. `sockets` is how large the crowd was."""

    work: str
    subject: str
    sockets: int
    metric: str
    value: float


@dataclass
class Results:
    """All figures of a run beside the machine that they were taken on."""

    machine: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    """The machine's load average before each work: on a quiet machine it is that of this run."""

    @classmethod
    def read(cls, path: Path) -> Self:
        stored = json.loads(path.read_text())
        rows = [Row(**row) for row in stored["rows"]]
        return cls(stored["machine"], rows, stored["left_out"], stored.get("busy", {}))

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    def add(self, work: str, subject: str, sockets: int, **figures: float) -> None:
        """Note figures, one a metric, and show them."""
        for metric, value in figures.items():
            row = Row(work, subject, sockets, metric, round(value, 4))
            self.rows.append(row)
            sys.stdout.write(f"{work:10} {subject:24} {sockets:5} {metric:28} {row.value:10.2f}\n")
            sys.stdout.flush()

    def begin(self, work: str) -> None:
        """Let go of what an earlier run measured, and note how busy the machine is."""
        self.rows = [row for row in self.rows if row.work != work]
        self.busy[work] = round(os.getloadavg()[0], 1)

    def value(self, work: str, subject: str, metric: str, sockets: int | None = None) -> float:
        """Return a figure, or raise LookupError where it was not measured."""
        for row in self.rows:
            is_asked = (row.work, row.subject, row.metric) == (work, subject, metric)
            if is_asked and sockets in (None, row.sockets):
                return row.value
        raise LookupError(f"{work}: {metric} of {subject}")

    @contextmanager
    def unless_missing(self, subject: str) -> Iterator[None]:
        """Go on without a subject that is not installed, and say so."""
        try:
            yield
        except NotInstalled as missing:
            self.left_out[subject] = str(missing)
            sys.stdout.write(f"LEFT OUT: {subject}: not installed: {missing}\n")
