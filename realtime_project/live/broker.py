"""Where jobs wait: huey, in a file of the installation, or in Redis where there is one."""

import logging
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import redis
from django.conf import settings
from django.db import close_old_connections
from huey import Huey, crontab
from huey.serializer import SignedSerializer
from huey.storage import RedisStorage, SqliteStorage

from realtime_project.live.job_counts import count_job
from realtime_project.live.queue import Job, jobs

logger = logging.getLogger(__name__)

TIMES = {"minute": crontab(), "hour": crontab(minute="17")}
# The server waits for nothing longer than this, and then not again for a while.
REDIS_SECONDS = 2.0
AWAY_SECONDS = 10.0


class Broker:
    """The queue, which knows every job by its name."""

    def __init__(self) -> None:
        self.huey = _make()
        queued = [job for job in jobs().values() if job.every != "moment"]
        self._tasks = {job.name: self._declare(job) for job in queued}
        self._away_until = 0.0

    def put(self, name: str, arguments: dict[str, Any]) -> None:
        """Let a job wait for the process that does it. While the broker is away it is dropped."""
        if time.monotonic() < self._away_until:
            return
        try:
            self.huey.enqueue(self._tasks[name].s(**arguments))
        except Exception as error:  # noqa: BLE001 (whatever the storage raises)
            self._away_until = time.monotonic() + AWAY_SECONDS
            logger.warning("The queue is away, jobs such as %s are dropped: %r", name, error)

    def _declare(self, job: Job) -> Any:
        options = {
            "retries": job.retries,
            "retry_delay": job.retry_seconds,
            "retry_backoff": 2,
        }
        if job.every is None:
            return self.huey.task(**options)(_carried_out(job))
        return self.huey.periodic_task(TIMES[job.every], **options)(_carried_out(job))


@cache
def broker() -> Broker:
    """The queue of this process."""
    return Broker()


class LateSqliteStorage(SqliteStorage):
    """Makes its file when somebody first asks for a job, or does one."""

    def _create_connection(self) -> Any:
        connection = super()._create_connection()
        # A power cut may take the last jobs. FULL would cost whoever asks 7 ms and not 0.1.
        connection.execute("PRAGMA synchronous=NORMAL")
        for statement in self.ddl:
            connection.execute(statement)
        return connection


def _make() -> Huey:
    # Jobs travel as pickles. Signed, nobody who can write to Redis makes this process run their
    # code; unsigned, everybody could.
    options = {"results": False, "serializer": SignedSerializer(secret=settings.SECRET_KEY)}
    if settings.REDIS_URL:
        pool = redis.ConnectionPool.from_url(
            settings.REDIS_URL,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )
        return Huey("signalbox", storage_class=RedisStorage, connection_pool=pool, **options)
    return Huey(
        "signalbox",
        storage_class=LateSqliteStorage,
        filename=str(settings.VAR / "jobs.sqlite3"),
        create_tables=False,
        **options,
    )


def _carried_out(job: Job) -> Callable[..., None]:
    @wraps(job.run)
    def run(**arguments: Any) -> None:
        started = time.monotonic()
        outcome = "failed"
        # As around a request: what a job leaves open must not grow old in its thread.
        close_old_connections()
        try:
            job.run(**arguments)
            outcome = "done"
        except Exception:
            logger.exception("The job %s failed", job.name)
            raise
        finally:
            close_old_connections()
            count_job(job.name, outcome, time.monotonic() - started)
        logger.debug("The job %s took %.0f ms", job.name, 1000 * (time.monotonic() - started))

    return run
