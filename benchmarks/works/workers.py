"""Across workers: from a post on one worker to the receivers on another, through Valkey."""

import time

from benchmarks.crowd import crowd
from benchmarks.machine import BOTH_CORES
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared
from tests.servers.process import free_port
from tests.servers.valkey import serve_valkey

SOCKETS, POSTS, PER_SECOND = 20, 300, 20
SETTLE_SECONDS = 2


def measure(results: Results) -> None:
    with (
        serve_valkey() as valkey,
        prepared(2 * SOCKETS, REDIS_URL=valkey.url) as installation,
        installation.served(cores=BOTH_CORES) as here,
        installation.served(cores=BOTH_CORES, port=free_port()) as there,
        crowd(here.dialect, here.port, here.sessions, cores=BOTH_CORES) as sockets,
    ):
        sockets.open(SOCKETS)
        sockets.open(SOCKETS, port=there.port)
        time.sleep(SETTLE_SECONDS)
        sockets.post(20, PER_SECOND)  # warm
        _near, far = sockets.post(POSTS, PER_SECOND)["groups"]
    results.add(
        "workers",
        SIGNALBOX.name,
        2 * SOCKETS,
        last_p50_ms=far["last_p50_ms"],
        last_p99_ms=far["last_p99_ms"],
    )
