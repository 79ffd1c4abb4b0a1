"""Series for tests."""

from dashboard.storage.registry import Described, key_of, series_for


def series(name: str, source: int | None = None, **labels: str) -> int:
    """Return the number of a series, which is made where it is new."""
    described = Described(key_of(name, labels, source), "gauge")
    return series_for([described])[described.key]
