"""Receipts: a worker's word that it has carried revocations out, for the log and the admin."""

import asyncio
import logging

from realtime_project.live import revocation
from realtime_project.live.database import AWAY, write_in_database

logger = logging.getLogger(__name__)

GATHER_SECONDS = 0.2
AGAIN_SECONDS = 2.0


class Receipts:
    """Gathers what was carried out in a moment, so that a thousand sign-outs at once are not a
    thousand writes on every worker."""

    def __init__(self, worker: str) -> None:
        self._worker = worker
        self._done: list[revocation.Done] = []
        self._writing: asyncio.Task[None] | None = None

    def note(self, done: revocation.Done) -> None:
        """Note a revocation that has just been carried out here."""
        self._done.append(done)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        while self._done:
            await asyncio.sleep(GATHER_SECONDS)
            done, self._done = self._done, []
            try:
                await write_in_database("receipts", revocation.confirm, self._worker, done)
            except AWAY as error:
                # The sockets are closed; only the word of it waits.
                logger.warning("Receipts of %d revocations wait: %r", len(done), error)
                self._done[:0] = done
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:
                logger.exception("No receipt for %d revocations", len(done))
