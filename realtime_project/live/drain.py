"""Going away without anybody noticing: the sockets of a worker move to other workers one by one."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from realtime_project.live.codes import CloseCode
from realtime_project.live.worker import Worker

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 5.0
PAUSE_SECONDS = 0.05
FINISH_SECONDS = 10.0


async def drain(worker: Worker) -> None:
    """Say goodbye to every socket, within 5 s, and wait until they are gone.

    Nobody new is let in meanwhile. Told apart in time, clients also come back apart in time:
    the workers that stay meet no herd.
    """
    worker.is_draining = True
    leaving = list(worker.hub.connections)
    logger.info("Draining %d sockets", len(leaving))
    for connection in leaving:
        connection.close(CloseCode.RESTART, "worker restarts")
        await asyncio.sleep(min(PAUSE_SECONDS, WINDOW_SECONDS / len(leaving)))
    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_SECONDS):
            await worker.all_served()


async def finish(is_answering: Callable[[], bool]) -> None:
    """Wait until no request over HTTP is being answered, as long as for commands."""
    with suppress(TimeoutError):
        async with asyncio.timeout(FINISH_SECONDS):
            while is_answering():  # noqa: ASYNC110 (daphne tells nobody that a request ended)
                await asyncio.sleep(PAUSE_SECONDS)
