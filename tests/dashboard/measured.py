"""Series and points for tests that need no database."""

from typing import NamedTuple

from hypothesis import strategies as st

from dashboard.storage.points import Point, spread

Labels = tuple[tuple[str, str], ...]


class Named(NamedTuple):
    name: str
    labels: Labels = ()
    source: str = ""


def series(name: str, **labels: str) -> Named:
    return Named(name, tuple(sorted(labels.items())))


def of(*values: float, at: float = 0.0) -> Point:
    return spread(values, at)


seconds = st.integers(0, 9)
values = st.floats(1e-4, 1e4)
many = st.lists(values, min_size=1, max_size=20)
workers = st.dictionaries(
    st.sampled_from(["web@0", "web@1", "web@2", "web:jobs"]),
    st.dictionaries(seconds, many, max_size=10),
    min_size=1,
)
"""What some workers measured: values by second."""


def measured(by_worker: dict[str, dict[int, list[float]]], name: str = "latency"):
    return {
        series(name, worker=worker): {at: of(*found, at=at) for at, found in there.items()}
        for worker, there in by_worker.items()
    }
