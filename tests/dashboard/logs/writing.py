"""Lines for tests."""

from collections.abc import Sequence

from dashboard.logs.lines import Line
from dashboard.logs.storing import store
from dashboard.models import IngestSource

NOW = 1_790_000_000.0


def line(text: str, *, level: str = "info", source: str = "app", at: float = NOW) -> Line:
    return Line(at, level, source, "web@0", "tests", text)


def keep(*lines: Line | str, source: IngestSource | None = None) -> None:
    """Keep lines as one batch of a source, or as our own."""
    slug = source.slug if source else "app"
    told: Sequence[Line] = [
        line(one, source=slug) if isinstance(one, str) else one for one in lines
    ]
    store(told, origin="web@0", source=source.pk if source else None)
