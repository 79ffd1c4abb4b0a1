"""Keeping what a worker logs, for as long as it lives."""

import asyncio

from dashboard.logs import own
from realtime_project.live.database import write_in_database
from realtime_project.live.residents import resident
from realtime_project.live.worker import worker

EVERY_SECONDS = 0.5


@resident
async def keep_lines() -> None:
    """Keep what this worker logs."""
    try:
        while True:
            has_more = await _keep()
            await asyncio.sleep(0 if has_more else EVERY_SECONDS)
    finally:
        # What is said of the end is kept too, as far as there is time.
        await _keep()


async def _keep() -> bool:
    return await write_in_database("log:1", own.keep, worker.place)
