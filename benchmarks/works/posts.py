"""Durable posts: how many a second one worker stores and tells, 64 of them under way.

A person may post 15 at once and 5 a second, so that the crowd speaks in rounds, with rests in
between that are not counted. A socket has one command under way, so that 64 of them take 64
sockets, and all of these are told of every post.
"""

import time

from benchmarks.results import Results
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import prepared

IN_FLIGHT = 64
ROUNDS, EACH = 6, 15
REST_SECONDS = 3.1


def measure(results: Results) -> None:
    for database in ("postgres", "sqlite"):
        name = f"{SIGNALBOX.name}, {database}"
        with results.unless_missing(name):
            results.add("posts", name, IN_FLIGHT, **_flood(database))


def _flood(database: str) -> dict[str, float]:
    heard = []
    with (
        prepared(IN_FLIGHT, database=database) as installation,
        installation.served() as server,
        server.crowd() as crowd,
    ):
        crowd.open(IN_FLIGHT)
        crowd.flood(EACH)  # warm
        before = server.cpu_seconds()
        for _ in range(ROUNDS):
            time.sleep(REST_SECONDS)
            heard.append(crowd.flood(EACH))
        used = server.cpu_seconds() - before
    posts = sum(one["posts"] for one in heard)
    return {
        "posts_per_second": posts / sum(one["answered_after"] for one in heard),
        "answer_p50_ms": sum(one["answer_p50_ms"] for one in heard) / ROUNDS,
        "answer_p99_ms": max(one["answer_p99_ms"] for one in heard),
        "cpu_us_per_post": used / posts * 1e6,
    }
