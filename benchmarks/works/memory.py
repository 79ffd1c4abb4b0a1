"""Memory: what a socket holds, and what it costs when its page reads nothing any more."""

import json
import time
from dataclasses import replace

from benchmarks.crowd import crowd
from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX, SUBJECTS
from benchmarks.subjects.signalbox import prepared, subscribing
from benchmarks.subjects.subject import Running

WARM, SOCKETS = 200, 2000
SETTLE_SECONDS = 2
READERS, STUCK = 20, 40
LARGE = "Some **words** that fill a page. " * 250
POSTS, PER_SECOND = 150, 15


def measure(results: Results) -> None:
    for subject in SUBJECTS[1:]:
        if not subject.is_slow:
            with results.unless_missing(subject.name), subject.serve(SOCKETS) as server:
                kib = _kib_a_socket(server)
                results.add("memory", subject.name, SOCKETS, rss_kib_per_socket=kib)
    _three_topics(results)
    _stuck_readers(results)


def _three_topics(results: Results) -> None:
    with prepared(WARM + SOCKETS, rooms=2) as installation, installation.served() as server:
        first = subscribing(dict.fromkeys(["me", *server.rooms]))
        server = replace(server, dialect=replace(server.dialect, first=first))
        kib = _kib_a_socket(server)
        results.add("memory", SIGNALBOX.name, SOCKETS, rss_kib_per_socket=kib)


def _kib_a_socket(server: Running) -> float:
    with server.crowd() as sockets:
        sockets.open(WARM)
        time.sleep(SETTLE_SECONDS)
        before = server.rss_kib()
        sockets.open(SOCKETS)
        time.sleep(SETTLE_SECONDS)
        return (server.rss_kib() - before) / SOCKETS


def _stuck_readers(results: Results) -> None:
    """The same posts are said twice: first everybody reads, then some do not."""
    with (
        prepared(READERS + STUCK) as installation,
        installation.served() as server,
        crowd(
            server.dialect, server.port, server.sessions,
            large=json.dumps(LARGE)[1:-1], large_every=1,
        ) as sockets,
    ):  # fmt: skip
        sockets.open(READERS + STUCK)
        sockets.post(POSTS, PER_SECOND)
        before = server.rss_kib()
        sockets.stall(STUCK)
        sockets.post(POSTS, PER_SECOND, unheard=STUCK)
        kib = (server.rss_kib() - before) / STUCK
    results.add("memory", SIGNALBOX.name, STUCK, rss_kib_per_stuck_reader=kib)
