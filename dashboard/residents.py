"""What the dashboard does within every worker."""

from dashboard.measuring.reporter import Reporter, keep_reporting
from realtime_project.live import (
    gauges,  # noqa: F401 (puts what is looked at into the table)
    metrics,
)
from realtime_project.live.residents import resident
from realtime_project.live.worker import worker


@resident
async def report() -> None:
    """Measure this worker every second, and store that."""
    await keep_reporting(Reporter(worker.name, worker.place, metrics.table))
