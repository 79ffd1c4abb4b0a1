"""Jobs that look every moment whether there is something to do.

They find their work in the database, where nothing is lost and nobody has to ask for them: after
no longer than each rests between two looks, and sooner while there is much. Such a job asks with
one cheap statement (`statements.Due`) before it begins a transaction.

Who has something for them may call them by the doorbell. Where the database is a file, all who
write to it are on this machine and are heard: there what is called looks once a second by itself.
"""

import logging
import time
from socket import socket
from threading import Event, Thread

from django.db import connection

from realtime_project.live import doorbell
from realtime_project.live.database import AWAY, tidily
from realtime_project.live.job_counts import count_job
from realtime_project.live.queue import Job, jobs

logger = logging.getLogger(__name__)

SHORTEST_PAUSE_SECONDS = 0.005
BUSY_PAUSE_SECONDS = 0.02
# After a fault: the database may be away, or a job may fail whatever it is asked.
FAULT_PAUSE_SECONDS = 1.0
# Between two looks of a job that is called: a call may be lost.
CALLED_REST_SECONDS = 1.0
# A transaction that is cut off has done nothing.
FINISH_SECONDS = 1


class Moments:
    """A thread of the jobs process for each job of every moment, from `start` to `end`."""

    def __init__(self) -> None:
        momentary = [job for job in jobs().values() if job.every == "moment"]
        self._ending = Event()
        self._calls = {job.name: Event() for job in momentary}
        self._hears_all = False
        self._threads = [
            Thread(target=self._keep_doing, args=[job], name=job.name, daemon=True)
            for job in momentary
        ]

    def start(self) -> None:
        try:
            bell = doorbell.hang_for_jobs()
        except OSError as error:
            logger.warning("There is no doorbell, jobs look by themselves alone: %r", error)
        else:
            self._hears_all = connection.vendor == "sqlite"
            Thread(target=self._answer, args=[bell], name="doorbell", daemon=True).start()
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Begin nothing any more, and let what is being done be finished, for a second."""
        for event in (self._ending, *self._calls.values()):
            event.set()
        for thread in self._threads:
            thread.join(FINISH_SECONDS)

    def _answer(self, bell: socket) -> None:
        while True:
            told = bell.recv(doorbell.MAX_BYTES).decode(errors="replace")
            if call := self._calls.get(told):
                call.set()

    def _keep_doing(self, job: Job) -> None:
        awaited = call = self._calls[job.name]
        pause = job.rest_seconds
        while True:
            awaited.wait(pause)
            if self._ending.is_set():
                return
            # Before it looks: what is committed from now on may come too late for this look.
            call.clear()
            # A call wakes who rests. After a fault, and between two parts of much work, it waits.
            awaited = self._ending
            began = time.monotonic()
            try:
                has_more = tidily(job.run)
            except AWAY as error:
                count_job(job.name, "failed", time.monotonic() - began)
                logger.warning("The job %s waits for the database: %r", job.name, error)
                pause = FAULT_PAUSE_SECONDS
            except Exception:
                count_job(job.name, "failed", time.monotonic() - began)
                logger.exception("The job %s failed", job.name)
                pause = FAULT_PAUSE_SECONDS
            else:
                took = time.monotonic() - began
                if has_more:
                    # To have looked and found nothing is none.
                    count_job(job.name, "done", took)
                    pause = _pause_after(took)
                else:
                    awaited, pause = call, min(pause * 1.3, self._rest(job))

    def _rest(self, job: Job) -> float:
        return CALLED_REST_SECONDS if job.is_called and self._hears_all else job.rest_seconds


def _pause_after(took: float) -> float:
    if connection.features.has_select_for_update:
        return SHORTEST_PAUSE_SECONDS
    # As long as the work was: where only one can write at a time, others want to in between.
    return min(max(took, SHORTEST_PAUSE_SECONDS), BUSY_PAUSE_SECONDS)
