"""The workers of one installation as they run: their hubs, checks and ends of the layer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from realtime_project.live import (
    backplane,
    changes,
    check,
    connection,
    feed,
    handshake,
    hub,
    people,
    receipts,
    revocation,
    ring,
    routes,
    subscribing,
    topics,
)
from realtime_project.live import worker as workers
from realtime_project.live.handshake import Admitted
from realtime_project.live.hub import Hub
from realtime_project.live.worker import Worker
from tests.live.ether import End, Ether
from tests.live.installation import Installation, InstallationTopic
from tests.live.played import Clock, PlayedLoop

# So small that a short story meets all of the bounds.
SMALL: list[tuple[Any, str, Any]] = [
    (ring, "MAX_ROWS", 4),
    (ring, "MAX_AGE_SECONDS", 5),
    (changes, "MAX_FRAME_BYTES", 200),
    (hub, "SWEEP_SECONDS", 2),
    (hub, "IDLE_FEED_SECONDS", 3),
]
ASK_THE_TIME = [backplane, check, connection, feed, handshake, hub, people, workers]
ASK_THE_DATABASE = [check, handshake, subscribing, topics, workers]

_process: ContextVar["Process"] = ContextVar("process")


class Database:
    """Where every query of the fleet goes. When it is slow, the test lets each query in and out."""

    def __init__(self) -> None:
        self.is_slow = False
        self.faults = 0
        self.queries: list[asyncio.Future[None]] = []

    async def ask(self, function: Callable[..., Any], *args: Any) -> Any:
        await self._turn()
        if self.faults:
            self.faults -= 1
            raise OSError("the database restarts")
        result = function(*args)
        await self._turn()
        return result

    async def write(self, stream: str, function: Callable[..., Any], *args: Any) -> Any:
        return await self.ask(function, *args)

    def let_go_on(self, which: int) -> None:
        self.queries.pop(which % len(self.queries)).set_result(None)

    async def _turn(self) -> None:
        if not self.is_slow:
            return await asyncio.sleep(0)
        turn = asyncio.get_running_loop().create_future()
        self.queries.append(turn)
        try:
            await turn
        finally:
            if turn in self.queries:
                self.queries.remove(turn)


class Process:
    """One worker process. What runs in it ends with it."""

    def __init__(self, layer: End) -> None:
        self.layer = layer
        self.tasks: set[asyncio.Future[Any]] = set()
        self.worker = Worker(Hub())

    @property
    def hub(self) -> Hub:
        return self.worker.hub

    async def start(self) -> None:
        with suppress(OSError):
            # If the database fails, whoever comes next tries again.
            await self.worker.start()

    @property
    def has_started(self) -> bool:
        return self.hub._loop is not None


class Fleet:
    """Two workers, the ether between them and the database behind them."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.database = Database()
        self.ether = Ether()
        self.clock = Clock()
        self.loop = PlayedLoop(self.clock)
        self.loop.set_task_factory(_make_task)  # type: ignore[arg-type]
        with ExitStack() as patches:
            for module, name, value in [*SMALL, *self._stand_ins()]:
                patches.enter_context(patch.object(module, name, value))
            # Were one of them not there, the others must not outlive this.
            self.patches = patches.pop_all()
        # What goes wrong on purpose would fill pages.
        logging.disable()
        self.patches.callback(logging.disable, logging.NOTSET)
        self.processes = [self._new_process() for _ in range(2)]

    def run(self, process: Process, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        """Do something in one of the processes; it dies with the process."""
        token = _process.set(process)
        try:
            return self.loop.create_task(work)
        finally:
            _process.reset(token)

    def call(self, process: Process, act: Callable[[], object]) -> None:
        """Call something in one of the processes, and let happen what comes of it at once."""

        async def call() -> None:
            act()

        self.run(process, call())
        self.play()

    def play(self, seconds: float = 0.0) -> None:
        self.loop.play(seconds)

    def replace(self, which: int) -> Process:
        """Let a process die, and another take its place."""
        self._kill(self.processes[which])
        self.processes[which] = self._new_process()
        return self.processes[which]

    def end(self) -> None:
        for process in self.processes:
            self._kill(process)
        self.patches.close()
        self.loop.close()

    def _new_process(self) -> Process:
        process = Process(self.ether.end())
        self.run(process, process.start())
        return process

    def _kill(self, process: Process) -> None:
        self.ether.ends.remove(process.layer)
        self.ether.under_way = [one for one in self.ether.under_way if one[0] is not process.layer]
        while process.tasks:
            # More than once: a task that waits with a time limit can swallow one.
            for task in process.tasks:
                task.cancel()
            self.play()

    def _stand_ins(self) -> list[tuple[Any, str, Any]]:
        there = self.installation
        topic = type("RoomTopic", (InstallationTopic,), {"ledger": there})
        return [
            *((module, "time", self.clock) for module in ASK_THE_TIME),
            *((module, "in_database", self.database.ask) for module in ASK_THE_DATABASE),
            (receipts, "write_in_database", self.database.write),
            (routes, "routes", lambda: [routes.topic("room:<int:room>", topic)]),
            (workers, "has_layer", lambda: True),
            (workers, "_read_kernel_state", lambda: (there.control, there.epoch)),
            (backplane, "get_channel_layer", lambda: _process.get().layer),
            (revocation, "load", there.control_after),
            (revocation, "heads_many", there.control_revs),
            (revocation, "confirm", there.confirm),
            (handshake, "_read_session", self._read_session),
        ]

    def _read_session(self, key: str, position: int) -> Admitted | None:
        if not self.installation.may_connect(key):
            return None
        return Admitted(self.installation.sessions[key], key, 60.0, position)


def _make_task(
    loop: asyncio.AbstractEventLoop, work: Awaitable[Any], **kwargs: Any
) -> asyncio.Future[Any]:
    task: asyncio.Future[Any] = asyncio.Task(work, loop=loop, **kwargs)  # type: ignore[arg-type]
    if process := _process.get(None):
        process.tasks.add(task)
        task.add_done_callback(process.tasks.discard)
    return task
