"""What the dashboard does in the process that does jobs."""

import os
import secrets
from functools import cache
from socket import gethostname

from dashboard.logs import jobs as logs  # noqa: F401 (declares jobs)
from dashboard.measuring.reporter import Reporter
from realtime_project.live import metrics
from realtime_project.live.queue import job

OWN = ("process_", "signalbox_job", "signalbox_gc_", "signalbox_disk_", "signalbox_database_pool")
"""What there is to be told of a process that serves nobody, by the beginning of its names."""


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


@cache
def reporter() -> Reporter:
    """The reporter of this process."""
    # Only here: it imports the queue.
    from realtime_project.live import job_gauges  # noqa: F401 (puts its own into the table)

    host = gethostname()
    origin = f"{host}-jobs-{os.getpid()}-{secrets.token_hex(2)}"
    table = [metric for metric in metrics.table if metric.name.startswith(OWN)]
    return Reporter(origin, f"{host}:jobs", table)
