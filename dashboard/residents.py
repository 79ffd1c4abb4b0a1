"""What the dashboard does within every worker."""

import asyncio

from dashboard.logs import own
from dashboard.measuring.reporter import Reporter, keep_reporting
from realtime_project.live import (
    gauges,  # noqa: F401 (puts what is looked at into the table)
    metrics,
)
from realtime_project.live.database import write_in_database
from realtime_project.live.residents import resident
from realtime_project.live.worker import worker

LINES_EVERY_SECONDS = 0.5


@resident
async def report() -> None:
    """Measure this worker every second, and store that."""
    await keep_reporting(Reporter(worker.name, worker.place, metrics.table))


@resident
async def keep_lines() -> None:
    """Keep what this worker logs."""
    while True:
        has_more = await write_in_database("log:1", own.keep, worker.place)
        await asyncio.sleep(0 if has_more else LINES_EVERY_SECONDS)
