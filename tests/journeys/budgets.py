"""The table of figures that a run ends with: what was measured, beside what it should be."""

from collections.abc import Iterable, Iterator
from typing import cast

import pytest


def budget_lines(reports: Iterable[pytest.TestReport]) -> Iterator[str]:
    """Yield the lines of the table. Figures travel with the tests' reports, from whichever
    process they were taken in."""
    noted = [value for one in reports for name, value in one.user_properties if name == "budget"]
    figures = cast(list[tuple[str, float, float, str]], noted)
    if figures:
        yield "What the chat page costs a browser (times on this machine, as busy as it was):"
    for what, value, bar, unit in figures:
        limit = f"at least {bar:g}" if unit == "at least" else f"at most {bar:g} {unit}"
        yield f"  {what:48} {value:8.1f}   bar: {limit.strip()}"
