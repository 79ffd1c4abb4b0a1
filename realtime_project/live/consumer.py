"""The WebSocket consumer: one per socket, the same for every app.

It signs the person in during the handshake and hands what arrives to the commands. What they do
is the topics' business.
"""

import logging
from datetime import UTC, datetime
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.consumer import AsyncConsumer

from realtime_project.live import handshake
from realtime_project.live.build import build
from realtime_project.live.changes import encode, event_frame
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.command_loop import CommandLoop
from realtime_project.live.connection import Connection
from realtime_project.live.heartbeat import PING_SECONDS, Heartbeat
from realtime_project.live.protocol import MAX_FRAME_BYTES, SUBPROTOCOL, decode_frame
from realtime_project.live.transport import AsgiTransport
from realtime_project.live.worker import worker

logger = logging.getLogger(__name__)


class LiveConsumer(AsyncConsumer):
    """One socket. It joins no group and has no channel of its own: the hub does that once for
    the whole process, and writes to the socket's transport directly."""

    async def __call__(
        self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Serve one socket from its handshake to its end.

        A plain loop instead of Channels' dispatch: that goes through the one database thread of
        the process before each message, where a slow query would hold up every socket.
        """
        await receive()  # websocket.connect
        try:
            await worker.start()
            admitted = await handshake.admit(worker.hub, scope)
        except handshake.Refused as refused:
            logger.info("Refused a socket: %s", refused)
            await send({"type": "websocket.close", "code": 1000, "reason": ""})
            return
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL, "headers": []})
        connection = Connection(
            worker.hub, AsgiTransport(send), admitted.person, admitted.session, worker.epoch
        )
        await _serve(connection, admitted.expires_in_seconds, receive)


async def _serve(
    connection: Connection, expires_in_seconds: float, receive: ASGIReceiveCallable
) -> None:
    commands = CommandLoop(connection)
    heartbeat = Heartbeat(connection, expires_in_seconds)
    connection.transport.write(_hello(connection))
    try:
        while (message := await receive())["type"] == "websocket.receive":
            if connection.is_open:
                _take_in(commands, heartbeat, message.get("text"))
    finally:
        heartbeat.stop()
        connection.transport.abandon()
        connection.end()
        await commands.finish()


def _take_in(commands: CommandLoop, heartbeat: Heartbeat, text: str | None) -> None:
    """Take in one frame. An answer to a ping is heard at once, whatever the commands do."""
    heartbeat.hear()
    try:
        if text is None:
            raise LiveError(ErrorCode.BAD_REQUEST, "Binary frames are not spoken here.")
        if len(text) > MAX_FRAME_BYTES:
            raise LiveError(ErrorCode.TOO_LARGE, "That frame is larger than 64 KiB.")
        frame = decode_frame(text)
    except LiveError as error:
        commands.refuse(None, error)
        return
    if frame.do is not None:
        commands.put(frame)


def _hello(connection: Connection) -> bytes:
    data: dict[str, Any] = {
        "person": connection.person,
        "epoch": connection.epoch,
        "build": build(),
        "now": datetime.now(UTC),
        "ping": PING_SECONDS,
    }
    return event_frame(None, "hello", encode(data))
