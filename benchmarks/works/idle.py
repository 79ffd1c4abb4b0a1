"""Idle: what 5,000 sockets cost that only answer pings."""

import os
import time

from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared

SOCKETS = 5000
# Longer than everybody's first ping, and a whole round of pings.
SETTLE_SECONDS, SECONDS = 10, 50
MINUTES = "MINUTES"
"""The environment's variable for a run that is longer: whether memory grows shows slowly."""


def measure(results: Results) -> None:
    seconds = float(os.environ.get(MINUTES) or 0) * 60 or SECONDS
    with (
        prepared(SOCKETS) as installation,
        installation.served() as server,
        server.crowd() as crowd,
    ):
        crowd.open(SOCKETS)
        time.sleep(SETTLE_SECONDS)
        cpu, rss = server.cpu_seconds(), server.rss_kib()
        time.sleep(seconds)
        results.add(
            "idle",
            SIGNALBOX.name,
            SOCKETS,
            seconds=seconds,
            core_percent=(server.cpu_seconds() - cpu) / seconds * 100,
            rss_mib=server.rss_kib() / 1024,
            rss_growth_percent=(server.rss_kib() / rss - 1) * 100,
        )
