"""Carrying out what a client asks: one command of a connection at a time, in order."""

import asyncio
import logging
import secrets
import time
from typing import Any

from realtime_project.live import metrics, subscribing
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.command import names
from realtime_project.live.connection import Connection
from realtime_project.live.protocol import (
    ClientFrame,
    answer,
    decode_subscribe,
    decode_unsubscribe,
    refusal,
    translate,
)

logger = logging.getLogger(__name__)

MAX_WAITING = 64


class CommandLoop:
    """The commands of one connection. Its task lives only while commands wait."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        # A list, not a deque, which takes 700 bytes from everybody who waits for nothing.
        self._waiting: list[ClientFrame] = []
        self._task: asyncio.Task[None] | None = None

    def put(self, frame: ClientFrame) -> None:
        """Have a command carried out after those before it, or refuse it at once."""
        try:
            self._connection.meter()
            if len(self._waiting) >= MAX_WAITING:
                metrics.rate_limits.by["waiting"] += 1
                raise LiveError(ErrorCode.TOO_FAST, "Too many commands wait.", retry_after=1)
        except LiveError as error:
            metrics.commands.by[_name(frame), error.code] += 1
            self.refuse(frame.id, error, always=frame.id is not None)
            return
        self._waiting.append(frame)
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())

    def refuse(self, frame_id: int | None, error: LiveError, *, always: bool = True) -> None:
        """Tell the client why something was not done, and count it."""
        if always:
            self._connection.transport.write(refusal(frame_id, error))
        self._connection.count_refusal(error)

    async def finish(self) -> None:
        """Wait for the command that is under way; those behind it are forgotten."""
        self._waiting.clear()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting and self._connection.is_open:
                await self._carry_out(self._waiting.pop(0))
        finally:
            self._task = None

    async def _carry_out(self, frame: ClientFrame) -> None:
        name, outcome, began = _name(frame), "ok", time.perf_counter()
        try:
            await self._dispatch(frame)
        except Exception as error:  # noqa: BLE001 (translated or logged; the socket stays open)
            refused = translate(error) or _fault(frame, error)
            outcome = refused.code
            self.refuse(frame.id, refused, always=frame.id is not None)
        metrics.commands.by[name, outcome] += 1
        metrics.command_seconds.by[name].observe(time.perf_counter() - began)

    async def _dispatch(self, frame: ClientFrame) -> None:
        if frame.do == "subscribe":
            await self._subscribe(frame)
            return
        if frame.do == "unsubscribe":
            for name in decode_unsubscribe(frame.topics):
                self._connection.leave(name)
            result: Any = {}
        else:
            result = await self._command(frame)
        if frame.id is not None:
            self._connection.transport.write(answer(frame.id, result))

    async def _subscribe(self, frame: ClientFrame) -> None:
        cursors = decode_subscribe(frame.topics)
        if frame.epoch is not None and frame.epoch != self._connection.epoch:
            # The cursors are of another history: none of them means anything here.
            cursors = dict.fromkeys(cursors)
        await subscribing.subscribe(self._connection, frame.id, cursors)

    async def _command(self, frame: ClientFrame) -> Any:
        if frame.topic is None:
            raise LiveError(ErrorCode.UNKNOWN, f"There is no command “{frame.do}” without a topic.")
        topic = self._connection.topic(frame.topic)
        command = topic.commands.get(frame.do or "")
        if command is None:
            raise LiveError(ErrorCode.UNKNOWN, f"There is no command “{frame.do}” on this topic.")
        return await command(topic, frame.args)


def _name(frame: ClientFrame) -> str:
    return frame.do if frame.do in names else "unknown"


def _fault(frame: ClientFrame, error: Exception) -> LiveError:
    reference = secrets.token_hex(4)
    logger.error("Command %s failed (reference %s)", frame.do, reference, exc_info=error)
    return LiveError(ErrorCode.INTERNAL, f"Something went wrong here (reference {reference}).")
