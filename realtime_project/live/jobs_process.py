"""The process that does jobs, until it is told to end."""

import logging
import select
import signal
from types import FrameType
from typing import IO

from django.conf import settings

from realtime_project.live.broker import broker
from realtime_project.live.moments import Moments

logger = logging.getLogger(__name__)

WORKERS = 4
FINISH_SECONDS = 10
HEALTH_SECONDS = 10
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def run(leash: IO[str] | None = None) -> None:
    """Do jobs until a signal comes, or until the leash is let go: a pipe whose other end was
    held by whoever started this process. Jobs that run are given 10 s to finish."""
    consumer = broker().huey.create_consumer(
        workers=WORKERS,
        # How often each worker looks at a file: all of them together, four times a second. Redis
        # tells of a job itself; there it is how long to wait after a fault.
        max_delay=FINISH_SECONDS if settings.REDIS_URL else 1.0,
        shutdown_timeout=FINISH_SECONDS,
    )
    # The consumer takes the signals for itself when it starts; one that comes meanwhile waits.
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    consumer.start()
    moments = Moments()
    moments.start()
    for number in SIGNALS:
        signal.signal(number, _end)
    logger.info("Doing jobs")
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        while not select.select([leash] if leash else [], [], [], HEALTH_SECONDS)[0]:
            consumer.check_worker_health()
    finally:
        # First of all: nothing is begun while those end that look every moment.
        consumer.stop_flag.set()
        logger.info("Finishing the jobs that run")
        moments.end()
        consumer.stop(graceful=True)
        logger.info("No more jobs")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
