"""Every test begins with nobody having tried anything yet."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _no_attempts_so_far(db: None) -> None:
    # Rate limits are counted in a table of the cache, which no test's end empties.
    cache.clear()
