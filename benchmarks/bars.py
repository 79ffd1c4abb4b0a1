"""What we want to reach, and whether a run has."""

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.results import Results
from benchmarks.subjects.registry import NCHAN, SIGNALBOX, SOCKET_IO, TUTORIAL, TUTORIAL_PUBSUB, WS

CPU = "cpu_us_per_delivery"


@dataclass(frozen=True)
class Bar:
    """A figure and its limit, with the unit in which both are told."""

    what: str
    figure: Callable[[Results], float]
    limit: float
    unit: str = ""
    is_least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.is_least else value <= self.limit


def at_most(
    what: str,
    limit: float,
    unit: str,
    work: str,
    metric: str,
    subject: str = SIGNALBOX.name,
    sockets: int | None = None,
) -> Bar:
    return Bar(what, lambda results: results.value(work, subject, metric, sockets), limit, unit)


def at_least(what: str, limit: float, unit: str, work: str, metric: str, subject: str) -> Bar:
    return Bar(what, lambda results: results.value(work, subject, metric), limit, unit, True)


def against(peer: str, sockets: int, limit: float) -> Bar:
    def ratio(results: Results) -> float:
        ours = results.value("fan-out", SIGNALBOX.name, CPU, sockets)
        return ours / results.value("fan-out", peer, CPU, sockets)

    return Bar(f"CPU of a delivery at {sockets:,} sockets, against {peer}", ratio, limit, "times")


def less_than(peer: str, limit: float) -> Bar:
    def ratio(results: Results) -> float:
        theirs = results.value("fan-out", peer, CPU, 500)
        return theirs / results.value("fan-out", SIGNALBOX.name, CPU, 500)

    return Bar(f"CPU of a delivery of {peer}, against ours", ratio, limit, "times", True)


def growth(results: Results) -> float:
    few, many = (results.value("fan-out", SIGNALBOX.name, CPU, sockets) for sockets in (500, 8000))
    return many / few


POSTGRES, SQLITE = f"{SIGNALBOX.name}, postgres", f"{SIGNALBOX.name}, sqlite"

BARS = (
    against(WS.name, 500, 0.9),
    against(SOCKET_IO.name, 500, 0.7),
    against(NCHAN.name, 500, 1.35),
    against(WS.name, 8000, 1.15),
    less_than(TUTORIAL.name, 30),
    less_than(TUTORIAL_PUBSUB.name, 30),
    Bar("CPU of a delivery at 8,000 sockets, against 500", growth, 2.2, "times"),
    at_most("Mixed load unpinned, last receiver, p99", 60, "ms", "mixed", "last_p99_ms"),
    at_least("Durable posts, PostgreSQL", 1500, "/s", "posts", "posts_per_second", POSTGRES),
    at_most("Durable posts, PostgreSQL, p99", 60, "ms", "posts", "answer_p99_ms", POSTGRES),
    at_least("Durable posts, SQLite", 1200, "/s", "posts", "posts_per_second", SQLITE),
    at_most("Post to last of 200 receivers, p50", 5, "ms", "receivers", "last_p50_ms"),
    at_most("Post to last of 200 receivers, p99", 15, "ms", "receivers", "last_p99_ms"),
    at_most("Across workers, p50", 8, "ms", "workers", "last_p50_ms"),
    at_most("Across workers, p99", 30, "ms", "workers", "last_p99_ms"),
    at_most("Signed-in connect, CPU", 1.8, "ms", "connect", "cpu_ms"),
    at_most("Signed-in connect, queries", 3, "", "connect", "queries"),
    at_most("5,000 dropped at once, all live again", 20, "s", "connect", "all_live_after_s"),
    at_most("Memory of a socket with 3 topics", 40, "KiB", "memory", "rss_kib_per_socket"),
    at_most("Memory of a stuck reader", 256, "KiB", "memory", "rss_kib_per_stuck_reader"),
    at_most("Resuming `me` with 500 rooms, the inbox and 8 open rooms", 300, "ms", "resume", "me_max_ms"),
    at_most("Queries of that", 8, "", "resume", "me_queries"),
    at_most("Queries for what 1,000 missed", 1, "", "resume", "queries_for_what_was_missed"),
    at_most("5,000 idle sockets", 8, "% of a core", "idle", "core_percent"),
    at_most("Growth of memory meanwhile", 1, "%", "idle", "rss_growth_percent"),
    at_most("Memory of a stream of events", 60, "KiB", "events", "rss_kib_per_stream"),
    at_most("Threads with 2,000 of them", 20, "", "events", "threads"),
    at_most("Mention to page, 200 a second, p95", 150, "ms", "inbox", "mention_p95_ms"),
    at_most("5,000 pages show an announcement", 2, "s", "inbox", "announcement_last_s"),
    at_most("100,000 inboxes told, SQLite", 30, "s", "audience", "told_s", SQLITE),
    at_most("100,000 inboxes told, PostgreSQL", 30, "s", "audience", "told_s", POSTGRES),
    at_most("Lag of the event loop meanwhile, p99", 50, "ms", "audience", "lag_p99_ms", SQLITE),
    at_most(
        "Slowest page among 1,000 rooms, PostgreSQL", 300, "ms", "pages", "slowest_ms", POSTGRES
    ),
    at_most("Slowest page among 1,000 rooms, SQLite", 300, "ms", "pages", "slowest_ms", SQLITE),
    at_most("20,000 numbers a second, SQLite", 60, "% of a core", "ingest", "core_percent", SQLITE),
    at_most(
        "20,000 numbers a second, PostgreSQL", 60, "% of a core", "ingest", "core_percent", POSTGRES
    ),
    at_most("An ordinary room's page, CPU", 25, "ms", "pages", "ordinary_room_cpu_ms", POSTGRES),
    at_most("100 viewers of the overview", 25, "% of a core", "viewers", "core_percent"),
    at_most("What each of them is sent", 20_000, "B/s", "viewers", "bytes_per_second"),
    at_most("One counted event", 2, "us", "measuring", "counted_us"),
    at_most("One observed duration", 2, "us", "measuring", "observed_us"),
    at_most("A worker at rest, measuring itself", 1, "% of a core", "measuring", "worker_percent"),
    at_most("The jobs process at rest", 2, "% of a core", "measuring", "jobs_percent"),
    at_most("A round over 500 alert rules, SQLite", 200, "ms", "alerts", "round_ms", SQLITE),
    at_most("A round over 500 alert rules, PostgreSQL", 200, "ms", "alerts", "round_ms", POSTGRES),
)
