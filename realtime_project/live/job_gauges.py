"""What is looked at of the process that does jobs."""

from realtime_project.live import (
    process_gauges,  # noqa: F401 (of every process)
)
from realtime_project.live.broker import broker
from realtime_project.live.metrics import Value, reading


@reading("signalbox_jobs_waiting", "Jobs that wait to be done, as told by who does them")
def jobs_waiting() -> Value:
    waiting: int = broker().huey.pending_count()
    return waiting
