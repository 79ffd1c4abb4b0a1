"""Connecting: what a handshake costs, and how long 5,000 take that were dropped at once."""

from benchmarks.results import Results
from benchmarks.subjects.queries import counting_queries
from benchmarks.subjects.registry import SIGNALBOX, SUBJECTS
from benchmarks.subjects.signalbox import prepared

CONNECTS, AT_ONCE = 1000, 32
COUNTED = 50
DROPPED = 5000


def measure(results: Results) -> None:
    for subject in SUBJECTS:
        with (
            results.unless_missing(subject.name),
            subject.serve(2 * CONNECTS) as server,
            server.crowd() as crowd,
        ):
            if subject is SIGNALBOX:
                # The handshake alone: what is subscribed to belongs to resuming.
                crowd.change(first="", joined="")
            crowd.open(CONNECTS, at_once=AT_ONCE)  # warm
            before = server.cpu_seconds()
            crowd.open(CONNECTS, at_once=AT_ONCE)
            used = server.cpu_seconds() - before
            results.add("connect", subject.name, CONNECTS, cpu_ms=used / CONNECTS * 1e3)
    _count_queries(results)
    _come_back(results)


def _count_queries(results: Results) -> None:
    with (
        prepared(2 * COUNTED) as installation,
        counting_queries(installation) as server,
        server.crowd() as crowd,
    ):
        crowd.change(first="", joined="")
        crowd.open(COUNTED)
        before = server.queries()
        crowd.open(COUNTED)
        queries = (server.queries() - before) / COUNTED
        results.add("connect", SIGNALBOX.name, COUNTED, queries=queries)


def _come_back(results: Results) -> None:
    with (
        prepared(DROPPED) as installation,
        installation.served() as server,
        server.crowd() as crowd,
    ):
        crowd.open(DROPPED)
        crowd.drop()
        heard = crowd.open(0, at_once=DROPPED)
        results.add("connect", SIGNALBOX.name, DROPPED, all_live_after_s=heard["seconds"])
