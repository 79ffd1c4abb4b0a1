"""What the dashboard does in the process that does jobs."""

import os
import secrets
import time
from functools import cache
from socket import gethostname

from dashboard.alerts import rounds
from dashboard.logs import jobs as logs  # noqa: F401 (declares jobs)
from dashboard.measuring.reporter import Reporter
from dashboard.storage import trimming
from dashboard.storage.lease import Claim
from dashboard.storage.rolling import Roller
from realtime_project.live import metrics
from realtime_project.live.queue import job

OWN = (
    "process_", "signalbox_job", "signalbox_gc_", "signalbox_disk_", "signalbox_database_pool",
    "signalbox_told_", "signalbox_telling_", "signalbox_outb",
)  # fmt: skip
"""What there is to be told of a process that serves nobody, by the beginning of its names."""

ORIGIN = f"{gethostname()}-jobs-{os.getpid()}-{secrets.token_hex(2)}"
"""Another one after each start."""


@job(every="moment", rest_seconds=0.1)
def measure() -> bool:
    """Measure the process that does jobs, every second. It waits for no database."""
    reporter().measure()
    return False


@job(every="moment", rest_seconds=0.25)
def report() -> bool:
    """Store what was measured of the process that does jobs."""
    reporter().store()
    return False


@job(every="moment", rest_seconds=0.5)
def roll_up() -> bool:
    """Add what was reported to the tiers, in the process that holds the lease."""
    return is_leader() and roller().roll_up()


@job(every="moment", rest_seconds=1.0)
def watch() -> bool:
    """Look at all rules of alerts, in the process that holds the lease."""
    clock = reporter().clock
    return clock.is_set and is_leader() and rounds.look(clock.now(time.monotonic()))


@job(every="minute")
def trim() -> None:
    """Delete what is older than it is kept."""
    while trimming.trim(int(time.time())):
        pass


def is_leader() -> bool:
    """Whether this process is the one that does what one alone should do."""
    return claim().is_held()


@cache
def claim() -> Claim:
    """This process's claim to do that."""
    return Claim("leader", ORIGIN)


@cache
def roller() -> Roller:
    """What rolls up in this process."""
    return Roller()


@cache
def reporter() -> Reporter:
    """The reporter of this process."""
    # Only here: it imports the queue.
    from realtime_project.live import job_gauges  # noqa: F401 (puts its own into the table)

    table = [metric for metric in metrics.table if metric.name.startswith(OWN)]
    return Reporter(ORIGIN, f"{gethostname()}:jobs", table)
