"""A very large audience: a room of 100,000 people, all of whom are told of one message, and what
the sockets of a worker notice of that."""

import math
from urllib.request import urlopen

from benchmarks.machine import BOTH_CORES, pinned
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Prepared, Signalbox, prepared
from tests.servers.installation import MANAGE
from tests.servers.valkey import serve_valkey

PEOPLE, SOCKETS = 100_000, 500
LAG = "signalbox_loop_lag_seconds_bucket"
Lags = dict[float, float]


def measure(results: Results) -> None:
    for database in ("sqlite", "postgres"):
        _measure(results, database)


def _measure(results: Results, database: str) -> None:
    with (
        serve_valkey() as valkey,
        prepared(SOCKETS, database=database, REDIS_URL=valkey.url) as installation,
    ):
        # While nobody is there: a hundred thousand who come in at once are another story.
        installation.run(f"make_audience({PEOPLE - SOCKETS})")
        seconds, before, after = _tell(installation)
    counts = {limit: count - before.get(limit, 0) for limit, count in after.items()}
    results.add(
        "audience",
        f"{SIGNALBOX.name}, {database}",
        PEOPLE,
        told_s=seconds,
        lag_p99_ms=_quantile(counts, 0.99) * 1e3,
    )


def _tell(installation: Prepared) -> tuple[float, Lags, Lags]:
    """Tell everybody, before the eyes of a few; returns how long it took, and how late the event
    loop had been before and after it."""
    with (
        installation.installation.doing_jobs(pinned(BOTH_CORES, [*MANAGE, "jobs"])),
        installation.served(cores=BOTH_CORES) as server,
        server.crowd() as crowd,
    ):
        crowd.open(SOCKETS)
        before = _lags(server)
        seconds = installation.run("tell_the_room()")
        return seconds, before, _lags(server)


def _lags(server: Signalbox) -> Lags:
    """How often the event loop was late by at most so many seconds, since it runs."""
    with urlopen(f"{server.installation.url}/metrics", timeout=10) as response:  # noqa: S310 (our own)
        lines = response.read().decode().splitlines()
    rows = [line.rpartition(" ") for line in lines if line.startswith(LAG)]
    return {float(name.split('"')[1]): float(count) for name, _, count in rows}


def _quantile(counts: dict[float, float], share: float) -> float:
    """The upper limit of the bucket in which this share of all is reached."""
    wanted = share * max(counts.values())
    return min((limit for limit, count in counts.items() if count >= wanted), default=math.inf)
