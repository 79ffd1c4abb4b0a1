"""What it costs that everything is measured: one counted event, and a process that has nothing
to do but to measure itself, with all that it does anyway."""

import time
from collections.abc import Callable
from timeit import timeit

from benchmarks.machine import family, own_cpu_seconds
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared
from realtime_project.live import metrics

EVENTS = 200_000
SETTLE_SECONDS, SECONDS = 30, 60


def measure(results: Results) -> None:
    results.add(
        "measuring",
        SIGNALBOX.name,
        0,
        counted_us=_microseconds(lambda: _count("wanted")),
        observed_us=_microseconds(lambda: metrics.loop_lag_seconds.observe(0.0123)),
        **_idle(),
    )


def _microseconds(event: Callable[[], None]) -> float:
    return timeit(event, number=EVENTS) / EVENTS * 1e6


def _count(fate: str) -> None:
    metrics.news.by[fate] += 1


def _idle() -> dict[str, float]:
    with prepared(1) as installation, installation.served() as server:
        time.sleep(SETTLE_SECONDS)
        [jobs] = [pid for pid in family(server.pid) if pid != server.pid]
        # Each by itself: the process that does jobs is a child of the worker.
        before = [own_cpu_seconds(pid) for pid in (server.pid, jobs)]
        time.sleep(SECONDS)
        after = [own_cpu_seconds(pid) for pid in (server.pid, jobs)]
    worker, jobs_process = (
        (now - then) / SECONDS * 100 for then, now in zip(before, after, strict=True)
    )
    return {"worker_percent": worker, "jobs_percent": jobs_process}
