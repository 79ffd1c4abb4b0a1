"""How each worker answers for its own sockets. It follows the stream of questions as it follows
any: what was told in vain, because the layer was away, the check finds a little later."""

import asyncio
import logging
import time

from django.db.models.functions import Now

from dashboard.models import SocketEnd, SocketsAsked, WorkerSockets
from dashboard.sockets.table import Looker, Table, encode
from realtime_project.live.changes import Change, Row
from realtime_project.live.check import compare
from realtime_project.live.codes import CloseCode
from realtime_project.live.database import in_database, write_in_database
from realtime_project.live.hub import Hub
from realtime_project.live.worker import Worker

logger = logging.getLogger(__name__)

KEY = f"{SocketsAsked.kind}:1"
LOOK_SECONDS = 1.0
QUESTION = "question"


class Keeper:
    """Answers questions about the sockets of one worker, and closes those that are to be."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._looker = Looker(worker.name, worker.place)
        self._asked = asyncio.Event()
        self._rev = 0

    async def keep(self) -> None:
        """Go on for ever."""
        compare(SocketsAsked.kind, heads_many)
        while True:
            await self._follow(self._worker.hub)
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._asked.wait()
            except TimeoutError:
                continue
            self._asked.clear()
            await self.answer()

    async def answer(self) -> None:
        """Write down who is connected here."""
        table = self._looker.look(self._worker.hub.connections, time.monotonic())
        await write_in_database(KEY, store, self._worker.name, self._rev, table)

    async def _follow(self, hub: Hub) -> None:
        # A hub that begins anew, because a backup was restored, follows nothing any more.
        if not hub.is_tapped(KEY):
            rev = (await in_database(SocketsAsked.current)).rev
            hub.tap(KEY, _load, self.take, rev)

    def take(self, row: Row) -> None:
        """Take in a question, or the end of a socket."""
        self._rev = max(self._rev, row.rev)
        if row.id == QUESTION:
            self._asked.set()
            return
        worker, _, number = row.data.decode().rpartition(".")
        if worker == self._worker.name:
            close(self._worker.hub, int(number))
            self._asked.set()


def close(hub: Hub, number: int) -> None:
    """Close one socket. Its page comes back, unless its person is signed out."""
    for connection in hub.connections:
        if connection.number == number:
            connection.close(CloseCode.RESTART, "closed by an administrator")


def store(worker: str, rev: int, table: Table) -> None:
    """Keep what a worker answered, in place of its last answer."""
    WorkerSockets.objects.update_or_create(
        worker=worker, defaults={"rev": rev, "told": Now(), "body": encode(table)}
    )


def load(key: str, after: int) -> Change:
    """Return the sockets that were closed after a rev, and a question."""
    asked = SocketsAsked.current()
    ends = SocketEnd.objects.filter(rev__gt=after, rev__lte=asked.rev).order_by("rev")
    rows = [end_row(one) for one in ends]
    return Change(key, after, asked.rev, (*rows, question(asked.rev)))


def end_row(end: SocketEnd) -> Row:
    """Return the end of a socket as workers tell it to each other."""
    return Row(f"end:{end.pk}", end.rev, end.socket.encode())


def question(rev: int) -> Row:
    """Return a question as workers tell it to each other."""
    return Row(QUESTION, rev, b"")


def heads_many(keys: object) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the questions have come, for the hub's check."""
    return {KEY: (SocketsAsked.current().rev, None)}


async def _load(key: str, after: int) -> Change:
    return await in_database(load, key, after)
