"""The canary: each second that a process stores goes the way of every message, through the
database, the layer and the hub of every worker. Who hears of it says how long that took, and
whether it came by itself or was missing and had to be read."""

import time

from dashboard.measuring.clock import Clock
from dashboard.storage.reports import Told
from realtime_project.live import metrics


def hear(told: Told, clock: Clock) -> None:
    """Take in that a report has come."""
    if told.sent is None or not clock.is_set:
        return
    metrics.canaries.by["announced" if told.is_announced else "read"] += 1
    # Two processes know the database's clock, each nearly.
    metrics.canary_seconds.observe(max(0.0, clock.now(time.monotonic()) - told.sent))
