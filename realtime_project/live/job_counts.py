"""Jobs, counted and timed in the process that does them: by several threads, unlike all else."""

from threading import Lock

from realtime_project.live import metrics

_counting = Lock()


def count_job(name: str, outcome: str, seconds: float) -> None:
    """Count a job that has come to its end."""
    with _counting:
        metrics.jobs.by[name, outcome] += 1
        metrics.job_seconds.by[name].observe(seconds)
