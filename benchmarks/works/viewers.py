"""Viewers: what it costs that a hundred people look at the overview, and what it sends each."""

import time
from collections.abc import Sequence

from benchmarks.listeners import Timed, listening
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, prepared

VIEWERS = 100
BOARD = "board:overview"
SETTLE_SECONDS, SECONDS = 15, 45


def measure(results: Results) -> None:
    with prepared(VIEWERS) as installation:
        installation.run("give_rights_to_all()")
        with installation.served() as server:
            time.sleep(SETTLE_SECONDS)
            alone = _core_percent(server)
            # A socket that shows nothing costs something too.
            with listening(server, server.sessions, ["people"]):
                time.sleep(SETTLE_SECONDS)
                idle = _core_percent(server)
            with listening(server, server.sessions, [BOARD]) as viewers:
                time.sleep(SETTLE_SECONDS)
                heard = _bytes(viewers)
                looking = _core_percent(server)
                told = (_bytes(viewers) - heard) / SECONDS / VIEWERS
    results.add(
        "viewers",
        SIGNALBOX.name,
        VIEWERS,
        core_percent=looking - alone,
        core_percent_of_idle_sockets=idle - alone,
        bytes_per_second=told,
    )


def _core_percent(server: Signalbox) -> float:
    before = server.cpu_seconds()
    time.sleep(SECONDS)
    return (server.cpu_seconds() - before) / SECONDS * 100


def _bytes(viewers: Sequence[Timed]) -> int:
    return sum(viewer.bytes for viewer in viewers)
