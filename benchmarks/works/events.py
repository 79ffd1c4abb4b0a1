"""Server-Sent Events: what a stream holds, and what a delivery costs over it."""

import time

from benchmarks.machine import threads
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, prepared
from tests.faults.audience import Reader
from tests.faults.herd import SOCKETS_A_PERSON, Herd

PATIENCE_SECONDS, SETTLE_SECONDS = 120, 2
WARM, STREAMS = 100, 2000
READERS, POSTS, PER_SECOND = 500, 100, 10
# As many as may speak so often together.
SPEAKERS = 10


def measure(results: Results) -> None:
    _hold(results)
    _deliver(results)


def _hold(results: Results) -> None:
    people = -(-(WARM + STREAMS) // SOCKETS_A_PERSON)
    with prepared(people, rooms=2) as installation, installation.served() as server:
        warm = WARM // SOCKETS_A_PERSON
        with _streams(server, 0, warm, WARM).here(PATIENCE_SECONDS):
            time.sleep(SETTLE_SECONDS)
            before = server.rss_kib()
            with _streams(server, warm, people, STREAMS).here(PATIENCE_SECONDS):
                time.sleep(SETTLE_SECONDS)
                results.add(
                    "events",
                    SIGNALBOX.name,
                    STREAMS,
                    rss_kib_per_stream=(server.rss_kib() - before) / STREAMS,
                    threads=threads(server.pid),
                )


def _deliver(results: Results) -> None:
    people = SPEAKERS + READERS // SOCKETS_A_PERSON
    with (
        prepared(people) as installation,
        installation.served() as server,
        _streams(server, SPEAKERS, people, READERS).here(PATIENCE_SECONDS) as herd,
        server.crowd() as speakers,
    ):
        speakers.open(SPEAKERS)
        speakers.post(5, PER_SECOND)  # warm
        before = server.cpu_seconds()
        speakers.post(POSTS, PER_SECOND)
        used = server.cpu_seconds() - before
        heard = sum(one.heard('"kind":"message"') for one in herd.listeners)
    if heard < POSTS * READERS:
        raise RuntimeError(f"{heard} of {POSTS * READERS} deliveries came")
    results.add(
        "events",
        SIGNALBOX.name,
        READERS,
        cpu_us_per_delivery=used / (POSTS * READERS) * 1e6,
    )


def _streams(server: Signalbox, first: int, last: int, count: int) -> Herd:
    """So many streams of the people from the first to before the last."""
    sessions = server.sessions[first:last]
    return Herd(server.installation, sessions, ["me", *server.rooms], count, Reader)
