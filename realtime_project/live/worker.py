"""What a process that serves sockets does first: follow the control stream."""

import asyncio
import logging
import os
import secrets
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from socket import gethostname
from typing import Any

import msgspec

from realtime_project.live import doorbell, metrics, process, revocation
from realtime_project.live.backplane import Backplane, decode, has_layer
from realtime_project.live.changes import Change, Row
from realtime_project.live.check import check, watch
from realtime_project.live.database import in_database
from realtime_project.live.hub import Hub, hub
from realtime_project.live.lag import Lag
from realtime_project.live.models import Control, Installation
from realtime_project.live.people import People
from realtime_project.live.postgres import ImpatientConnection
from realtime_project.live.receipts import Receipts
from realtime_project.live.seeing import keep_stored

JOIN_SECONDS = 2.5
ANSWER_SECONDS = 8.0
logger = logging.getLogger(__name__)
_rows = msgspec.json.Decoder(revocation.RevocationRow)


class Worker:
    """One process that serves sockets: its hub, and the epoch of the database it serves."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        # Another one after each start: a lease of the process before is not renewed by this one.
        self.name = f"{gethostname()}-{os.getpid()}-{secrets.token_hex(2)}"
        # The same after each start, for those who compare: where it listens.
        self.place = f"{gethostname()}:{os.getpid()}"
        self.epoch = ""
        self.is_draining = False
        self._sockets = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lag: Lag | None = None
        self._started: asyncio.Future[None] | None = None
        self._backplane: Backplane | None = None
        self._receipts = Receipts(self.name)
        self._tasks: list[asyncio.Future[None]] = []

    async def start(self) -> None:
        """Make the hub ready. The first connection of a process waits for it, and so does
        every other until it has worked."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._started, self._tasks = loop, None, []
            self._lag = Lag()
            process.time_collector()
        if self._started is None or (self._started.done() and self._started.exception()):
            self._started = asyncio.ensure_future(self._start())
        await asyncio.shield(self._started)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Count a socket, with the command that may outlive it."""
        self._sockets += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._sockets -= 1
            if not self._sockets:
                self._idle.set()

    async def all_served(self) -> None:
        """Wait until no socket and none of their commands is left."""
        await self._idle.wait()

    async def _start(self) -> None:
        # People wait for every answer now.
        ImpatientConnection.answer_seconds = ANSWER_SECONDS
        while self._tasks:  # of a start that failed
            self._tasks.pop().cancel()
        backplane = Backplane(self.name, self.hub.wants, self.hub.hear) if has_layer() else None
        self._backplane = backplane
        self.hub.people = People(self.hub, self.name, backplane)
        if backplane is None:
            # Before the database is read: what is told meanwhile waits in the socket.
            self._keep(doorbell.answer(self._hear))
        control, epoch = await in_database(_read_kernel_state)
        # Not before: what was told until now may be of the epoch before.
        self.hub.start(backplane)
        self._follow(control, epoch)
        if backplane is not None:
            backplane.start()
            with suppress(TimeoutError):
                async with asyncio.timeout(JOIN_SECONDS):
                    await backplane.joined()
        self._keep(watch(backplane, self._check, self._check_rights))
        self._keep(self.hub.people.keep())
        self._keep(keep_stored(self.hub.people.sights, self.name))

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        self._tasks.append(asyncio.ensure_future(work))

    def _hear(self, told: bytes) -> None:
        self.hub.hear(decode(told))

    def _follow(self, control: Control, epoch: str) -> None:
        self.epoch = epoch
        if self._backplane is not None:
            self._backplane.begin(epoch)
        self.hub.tap(control.key, _load, self._revoke, control.rev)

    async def _check(self) -> None:
        """Find what no announcement told. In a backup that was restored beneath this worker
        nothing is as the hub knows it: everybody comes back and begins with what is there now."""
        control, epoch = await in_database(_read_kernel_state)
        if epoch == self.epoch:
            await check(self.hub)
        else:
            logger.warning("The database is of another epoch: beginning anew")
            self.hub.begin_anew()
            self._follow(control, epoch)

    async def _check_rights(self) -> None:
        control, epoch = await in_database(_read_kernel_state)
        if epoch == self.epoch:
            self.hub.learn(control.key, control.rev, None)

    def _revoke(self, row: Row) -> None:
        began = time.perf_counter()
        revoked = _rows.decode(row.data)
        sockets = carry_out(self.hub, revoked)
        metrics.revoked_sockets.n += sockets
        metrics.revocation_seconds.observe(time.perf_counter() - began)
        self._receipts.note(revocation.Done(revoked.id, sockets, time.monotonic()))


def carry_out(hub: Hub, revoked: revocation.RevocationRow) -> int:
    """Take away what was revoked; returns how many sockets it concerned."""
    code, reason = revoked.reason.close_code, revoked.reason
    if revoked.session:
        hub.revoked.add(revoked.session, None)
        return hub.connections.close_session(revoked.session, code, reason)
    if revoked.person is None:
        return 0
    if revoked.key:
        return hub.end_topic(revoked.person, revoked.key, revoked.key_rev, reason)
    hub.revoked.add("", revoked.person)
    return hub.connections.close_person(revoked.person, code, reason)


async def _load(key: str, after: int) -> Change:
    return await in_database(revocation.load, after)


def _read_kernel_state() -> tuple[Control, str]:
    return Control.current(), Installation.current().epoch


worker = Worker(hub)
