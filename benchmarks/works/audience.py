"""A very large audience: a room of 100,000 people, all of whom are told of one message, and what
the sockets of a worker notice of that."""

import math
from urllib.request import urlopen

from benchmarks.machine import BOTH_CORES, pinned
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, prepared
from tests.servers.installation import MANAGE
from tests.servers.valkey import serve_valkey

PEOPLE, SOCKETS = 100_000, 500
LAG = "signalbox_loop_lag_seconds_bucket"


def measure(results: Results) -> None:
    for database in ("sqlite", "postgres"):
        _measure(results, database)


def _measure(results: Results, database: str) -> None:
    with (
        serve_valkey() as valkey,
        prepared(SOCKETS, database=database, REDIS_URL=valkey.url) as installation,
        installation.installation.doing_jobs(pinned(BOTH_CORES, [*MANAGE, "jobs"])),
        installation.served(cores=BOTH_CORES) as server,
        server.crowd() as crowd,
    ):
        crowd.open(SOCKETS)
        installation.run(f"make_audience({PEOPLE - SOCKETS})")
        before = _lags(server)
        seconds = installation.run("tell_the_room()")
        after = _lags(server)
    counts = {limit: count - before.get(limit, 0) for limit, count in after.items()}
    results.add(
        "audience",
        f"{SIGNALBOX.name}, {database}",
        PEOPLE,
        told_s=seconds,
        lag_p99_ms=_quantile(counts, 0.99) * 1e3,
    )


def _lags(server: Signalbox) -> dict[float, float]:
    """How often the event loop was late by at most so many seconds, since it runs."""
    with urlopen(f"{server.installation.url}/metrics", timeout=10) as response:  # noqa: S310 (our own)
        lines = response.read().decode().splitlines()
    rows = [line.rpartition(" ") for line in lines if line.startswith(LAG)]
    return {float(name.split('"')[1]): float(count) for name, _, count in rows}


def _quantile(counts: dict[float, float], share: float) -> float:
    """The upper limit of the bucket in which this share of all is reached."""
    wanted = share * max(counts.values())
    return min((limit for limit, count in counts.items() if count >= wanted), default=math.inf)
