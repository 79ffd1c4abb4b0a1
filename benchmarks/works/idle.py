"""Idle: what 5,000 sockets cost that only answer pings."""

import time

from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared

SOCKETS = 5000
# Longer than everybody's first ping, and a whole round of pings.
SETTLE_SECONDS, SECONDS = 10, 50


def measure(results: Results) -> None:
    with (
        prepared(SOCKETS) as installation,
        installation.served() as server,
        server.crowd() as crowd,
    ):
        crowd.open(SOCKETS)
        time.sleep(SETTLE_SECONDS)
        cpu, rss = server.cpu_seconds(), server.rss_kib()
        time.sleep(SECONDS)
        results.add(
            "idle",
            SIGNALBOX.name,
            SOCKETS,
            core_percent=(server.cpu_seconds() - cpu) / SECONDS * 100,
            rss_mib=server.rss_kib() / 1024,
            rss_growth_percent=(server.rss_kib() / rss - 1) * 100,
        )
