"""What the dashboard does in the process that does jobs."""

import logging
import os
import secrets
import time
from functools import cache
from socket import gethostname

from django.utils import timezone

from dashboard.alerts import retention, rounds
from dashboard.ingest import forgetting
from dashboard.logs import jobs as logs  # noqa: F401 (declares jobs)
from dashboard.measuring.clock import Clock
from dashboard.measuring.database_time import set_by_database
from dashboard.measuring.reporter import Reporter
from dashboard.measuring.sampling import Sampler
from dashboard.sockets.services import forget_old
from dashboard.storage import anew, trimming
from dashboard.storage.lease import Claim
from dashboard.storage.retiring import Retiring
from dashboard.storage.rolling import Roller
from realtime_project.live import metrics
from realtime_project.live.queue import job

logger = logging.getLogger(__name__)

ORIGIN = f"{gethostname()}-jobs-{os.getpid()}-{secrets.token_hex(2)}"
"""Another one after each start."""


@job(every="moment", rest_seconds=0.2)
def measure() -> bool:
    """Measure the process that does jobs, every second. It waits for no database."""
    reporter().measure()
    return False


@job(every="moment", rest_seconds=0.5)
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


@job(every="hour")
def forget_alerts() -> None:
    """Delete what happened to alerts long ago."""
    while retention.forget(timezone.now()):
        pass


@job(every="minute")
def trim() -> None:
    """Delete what is older than it is kept."""
    # A backup may have been restored beneath this process, in which series have other numbers.
    anew.look()
    # By the database's clock: this machine's may have been set, and what is deleted is gone.
    clock = Clock()
    set_by_database(clock)
    while trimming.trim(int(clock.now(time.monotonic()))):
        pass


@job(every="minute")
def forget_requests() -> None:
    """Delete by what requests are known again, where that is too old or too much."""
    while forgetting.forget_old(timezone.now()):
        pass


@job(every="hour")
def retire_series() -> None:
    """Delete series of which nothing is kept any more."""
    if count := retiring().retire():
        logger.info("%s series of which nothing is kept any more are deleted", count)


@job(every="hour")
def forget_sockets() -> None:
    """Delete what was told of sockets a day ago."""
    forget_old()


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
def retiring() -> Retiring:
    """What looks for series that are empty in this process."""
    return Retiring()


# Series that it has found empty once.
anew.on_other_database(retiring.cache_clear)


@cache
def reporter() -> Reporter:
    """The reporter of this process."""
    # Only here: it imports the queue.
    from realtime_project.live import job_gauges  # noqa: F401 (puts its own into the table)

    sampler = Sampler(metrics.table, f"{gethostname()}:jobs", tells_unused=False)
    return Reporter(ORIGIN, sampler)
