"""Fan-out: what a delivery costs the server, the whole way from a post to the last socket."""

from typing import NamedTuple

from benchmarks.results import Results
from benchmarks.subjects.registry import SUBJECTS
from benchmarks.subjects.subject import Running, Subject


class Pace(NamedTuple):
    """So slow that no server lags behind, and that group commit has nothing to group."""

    posts: int
    per_second: float


PACES = {500: Pace(250, 50), 2000: Pace(120, 15), 8000: Pace(40, 5)}
SLOW_PACE = Pace(40, 4)


def measure(results: Results) -> None:
    for sockets, pace in PACES.items():
        for subject in SUBJECTS:
            if not subject.is_slow:
                _measure_one(results, subject, sockets, pace)
            elif sockets == min(PACES):
                _measure_one(results, subject, sockets, SLOW_PACE)


def _measure_one(results: Results, subject: Subject, sockets: int, pace: Pace) -> None:
    with results.unless_missing(subject.name), subject.serve(sockets) as server:
        figures = _deliver(server, sockets, pace)
        results.add("fan-out", subject.name, sockets, **figures)


def _deliver(server: Running, sockets: int, pace: Pace) -> dict[str, float]:
    with server.crowd() as crowd:
        crowd.open(sockets)
        crowd.post(5, pace.per_second)  # warm
        before = server.cpu_seconds()
        heard = crowd.post(*pace)
        used = server.cpu_seconds() - before
    deliveries = pace.posts * sockets
    return {
        "cpu_us_per_delivery": used / deliveries * 1e6,
        "cpu_us_per_post": used / pace.posts * 1e6,
        "load_us_per_delivery": heard["load_cpu"] / deliveries * 1e6,
        "load_core_percent": heard["load_cpu"] / heard["seconds"] * 100,
        "last_p99_ms": heard["groups"][0]["last_p99_ms"],
    }
