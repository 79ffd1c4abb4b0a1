"""Numbers that are sent in: what 20,000 a second over 1,000 series cost one worker.

They come by ten requests a second of six programs, each with its gzip, its token and its times,
and each is answered when its numbers are stored. What they are rolled up for is the work of the
process that does jobs; its part is told beside that of the worker.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue

from benchmarks.machine import family, own_cpu_seconds
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, prepared
from dashboard.demo.feed import Feed
from dashboard.demo.market import Market

PER_SECOND, SERIES, REQUESTS, PROGRAMS = 20_000, 1_000, 10, 6
WARM_SECONDS, SECONDS = 3, 15
DATABASES = ("sqlite", "postgres")


def measure(results: Results) -> None:
    for database in DATABASES:
        name = f"{SIGNALBOX.name}, {database}"
        with (
            results.unless_missing(name),
            prepared(1, database=database) as installation,
            installation.served() as server,
        ):
            token = installation.run("make_source('market')")
            results.add("ingest", name, SERIES, **_feed(server, token))


def _feed(server: Signalbox, token: str) -> dict[str, float]:
    with closing(_Programs(server.installation.url, token)) as programs:
        programs.send(WARM_SECONDS)
        before, began = _used(server), time.monotonic()
        took = sorted(programs.send(SECONDS))
        passed = time.monotonic() - began
        worker, jobs = (now - then for now, then in zip(_used(server), before, strict=True))
    used = worker + jobs
    return {
        "points_per_second": PER_SECOND * SECONDS / passed,
        "core_percent": used / passed * 100,
        "worker_percent": worker / passed * 100,
        "jobs_percent": jobs / passed * 100,
        "cpu_us_per_point": used / (PER_SECOND * SECONDS) * 1e6,
        "answer_p50_ms": took[len(took) // 2] * 1e3,
        "answer_p99_ms": took[int(len(took) * 0.99)] * 1e3,
    }


def _used(server: Signalbox) -> tuple[float, float]:
    """What the worker has used, which takes the numbers in, and what the process that does jobs
    has, which rolls them up."""
    children = [pid for pid in family(server.pid) if pid != server.pid]
    return own_cpu_seconds(server.pid), sum(map(own_cpu_seconds, children))


class _Programs:
    """Some who send in turn, so that nobody waits for the answer of somebody else."""

    def __init__(self, url: str, token: str) -> None:
        self._feeds: SimpleQueue[Feed] = SimpleQueue()
        for _ in range(PROGRAMS):
            self._feeds.put(Feed(url, token))
        self._threads = ThreadPoolExecutor(PROGRAMS)
        self._batches = _batches()

    def send(self, seconds: int) -> list[float]:
        """Send for so long; returns how long each answer took."""
        began = time.monotonic()
        asked = []
        for number in range(seconds * REQUESTS):
            time.sleep(max(0.0, began + number / REQUESTS - time.monotonic()))
            asked.append(self._threads.submit(self._send, next(self._batches)))
        return [one.result() for one in asked]

    def close(self) -> None:
        self._threads.shutdown()
        while not self._feeds.empty():
            self._feeds.get().close()

    def _send(self, batch: list[str]) -> float:
        feed = self._feeds.get()
        began = time.monotonic()
        feed.send(batch)
        self._feeds.put(feed)
        return time.monotonic() - began


def _batches() -> Iterator[list[str]]:
    """Yield what each request holds, made when it is time for it."""
    market, each = Market(symbols=SERIES), PER_SECOND // REQUESTS
    while True:
        start = time.time_ns() - 1_000_000_000 // REQUESTS
        yield [tick.line for tick in market.ticks(start, each, PER_SECOND)]
