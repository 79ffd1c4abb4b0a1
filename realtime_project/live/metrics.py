"""What this worker counts: one table, and one addition to a number for each event.

Counts are plain numbers of this process, which nothing but the event loop changes, so that
counting takes no lock and is cheap enough for the busiest places. `exposition.py` tells them, and
`gauges.py` has what is not counted but looked at when somebody asks.

Values of labels come from closed sets. A client never chooses one: each new value is a new number
that is kept for ever.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import ClassVar

from realtime_project.live.histogram import Histogram

Labels = str | tuple[str, ...]
"""The values of a metric's labels, or the value of its only one."""


class Metric:
    """One line of the table: a name, what it means, and by which labels it is told apart."""

    kind: ClassVar[str]

    def __init__(self, name: str, meaning: str, *labels: str) -> None:
        self.name = name
        self.meaning = meaning
        self.labels = labels
        table.append(self)


table: list[Metric] = []


class Counter(Metric):
    """Events without labels: `counter.n += 1`."""

    kind = "counter"

    def __init__(self, name: str, meaning: str) -> None:
        super().__init__(name, meaning)
        self.n = 0


class Counters(Metric):
    """Events by label: `counters.by["direct"] += 1`, or a tuple where there are several."""

    kind = "counter"

    def __init__(self, name: str, meaning: str, *labels: str) -> None:
        super().__init__(name, meaning, *labels)
        self.by: defaultdict[Labels, int] = defaultdict(int)


class Distribution(Metric):
    """How values are spread: `distribution.observe(seconds)`. Without further words they are
    seconds, from 10 microseconds to 84 seconds."""

    kind = "histogram"

    def __init__(
        self, name: str, meaning: str, *, least: float = 1e-5, doublings: int = 23
    ) -> None:
        super().__init__(name, meaning)
        self.histogram = Histogram(least, doublings)
        self.observe = self.histogram.observe


class Distributions(Metric):
    """How seconds are spread by label: `distributions.by["subscribe"].observe(seconds)`."""

    kind = "histogram"

    def __init__(self, name: str, meaning: str, *labels: str) -> None:
        super().__init__(name, meaning, *labels)
        self.by: defaultdict[Labels, Histogram] = defaultdict(lambda: Histogram(1e-5, 23))


Value = float | None | Mapping[str, float]
"""One number, none where there is nothing to be told, or numbers by the value of a label."""


class Reading(Metric):
    """What is looked at when somebody asks. It may also be a count that somebody else keeps."""

    def __init__(
        self, name: str, meaning: str, *labels: str, kind: str, read: Callable[[], Value]
    ) -> None:
        super().__init__(name, meaning, *labels)
        self.kind = kind  # type: ignore[misc]
        self.read = read


Read = Callable[[], Value]


def reading(name: str, meaning: str, *labels: str, kind: str = "gauge") -> Callable[[Read], Read]:
    """Put a function into the table of metrics."""

    def put(read: Read) -> Read:
        Reading(name, meaning, *labels, kind=kind, read=read)
        return read

    return put


# --- Sockets -------------------------------------------------------------------------------

handshakes = Counters(
    "signalbox_handshakes_total", "Handshakes by what became of them", "status", "reason"
)
returns = Counter(
    "signalbox_returns_total", "Clients that came back: they said where they had stopped"
)
closes = Counters("signalbox_closes_total", "Sockets that ended, by close code", "code")
goodbyes = Counters("signalbox_goodbyes_total", "Sockets that the server ended, by code", "code")
slow_readers = Counters(
    "signalbox_slow_readers_total",
    "Clients that did not take what was written: congested, closed for it, cut off",
    "step",
)
revoked_sockets = Counter(
    "signalbox_revoked_sockets_total",
    "Sockets that were closed, or lost a topic, because access was taken away",
)
revocation_seconds = Distribution(
    "signalbox_revocation_seconds", "Time to carry one revocation out on this worker"
)

# --- What clients ask ----------------------------------------------------------------------

commands = Counters(
    "signalbox_commands_total", "Commands by name and by ok or error code", "command", "outcome"
)
command_seconds = Distributions(
    "signalbox_command_seconds", "Time to carry a command out", "command"
)
rate_limits = Counters(
    "signalbox_rate_limits_total", "Times that somebody met a limit of rate", "limit"
)
commit_size = Distribution(
    "signalbox_group_commit_items", "Items stored in one transaction", least=1, doublings=7
)

# --- What is told --------------------------------------------------------------------------

changes = Counters(
    "signalbox_changes_total", "Changes committed through this worker, by stream", "stream"
)
events = Counters("signalbox_events_total", "Volatile events sent from this worker", "event")
deliveries = Counter(
    "signalbox_deliveries_total", "Times that a fan-out told one client of a change"
)
delivered_bytes = Counter(
    "signalbox_delivered_bytes_total", "JSON that fan-outs wrote to clients, in bytes"
)
fan_out_seconds = Distribution(
    "signalbox_fan_out_seconds",
    "Time from a commit on this worker until the last of its clients was written to",
)
replays = Counters(
    "signalbox_replays_total", "Times that a client was told what it had missed", "source"
)
resets = Counter("signalbox_resets_total", "Times that a client was told to load the state")
gaps = Counters(
    "signalbox_gaps_total",
    "Changes that came too early: what was missing arrived, or had to be read",
    "end",
)

# --- Between workers -----------------------------------------------------------------------

news = Counters("signalbox_news_total", "News between workers by what became of them", "fate")
round_trip_seconds = Distribution(
    "signalbox_round_trip_seconds", "Time until a worker hears itself through the channel layer"
)

canaries = Counters(
    "signalbox_canaries_total", "Seconds of any process that this worker heard of", "fate"
)
canary_seconds = Distribution(
    "signalbox_canary_seconds",
    "Time from before a process stored its second until this worker's hub had it",
)

# --- Beneath -------------------------------------------------------------------------------

database_wait_seconds = Distribution(
    "signalbox_database_wait_seconds", "Time that sockets' database work waits for a thread"
)
database_run_seconds = Distribution(
    "signalbox_database_run_seconds", "Time that sockets' database work takes"
)
http_requests = Counters(
    "signalbox_http_requests_total", "HTTP requests by class of status", "status"
)
http_seconds = Distribution(
    "signalbox_http_request_seconds", "Time until the answer to an HTTP request began"
)
loop_lag_seconds = Distribution(
    "signalbox_loop_lag_seconds", "How much later than asked for the event loop calls"
)
gc_pause_seconds = Distribution(
    "signalbox_gc_pause_seconds", "Time that the garbage collector stops everything"
)

# --- Jobs (in the process that does them) ----------------------------------------------------

jobs = Counters("signalbox_jobs_total", "Jobs by what became of them", "job", "outcome")
job_seconds = Distributions("signalbox_job_seconds", "Time that a job takes", "job")
