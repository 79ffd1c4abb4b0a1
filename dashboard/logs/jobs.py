"""What is done for logs in the process that does jobs."""

from socket import gethostname

from django.utils import timezone

from dashboard.logs import own, retention
from realtime_project.live.queue import job


@job(every="moment", rest_seconds=0.5)
def keep_lines() -> bool:
    """Keep what the process that does jobs logs."""
    return own.keep(f"{gethostname()}:jobs")


@job(every="minute")
def forget_lines() -> None:
    """Delete lines that are too old, or too many."""
    while retention.trim(timezone.now()):
        pass
