"""What happens to tests whose server or browser is not on this machine."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import pytest

from tests.servers.process import NotInstalled

IS_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}
PREFIX = "Skipped: not installed: "


@contextmanager
def required() -> Iterator[None]:
    """Skip where something is not installed; in CI that is a failure."""
    try:
        yield
    except NotInstalled as error:
        if IS_CI:
            pytest.fail(f"not installed: {error}", pytrace=False)
        pytest.skip(f"not installed: {error}")


def count_missing(reports: Iterable[pytest.TestReport]) -> Counter[str]:
    """Tell how many tests did not run for want of what."""
    reasons = (report.longrepr[2] for report in reports if isinstance(report.longrepr, tuple))
    return Counter(text.removeprefix(PREFIX) for text in reasons if text.startswith(PREFIX))
