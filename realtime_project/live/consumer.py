"""The WebSocket consumer: one per socket, the same for every app.

It signs the person in during the handshake and hands what arrives to the commands. What they do
is the topics' business.
"""

import logging
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import parse_qs

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, WebSocketScope
from channels.consumer import AsyncConsumer
from django.utils import translation

from realtime_project.live import handshake, metrics
from realtime_project.live.codes import CloseCode, ErrorCode, LiveError, known_code
from realtime_project.live.command_loop import CommandLoop
from realtime_project.live.connection import Connection, hello
from realtime_project.live.heartbeat import Heartbeat
from realtime_project.live.language import wanted_language
from realtime_project.live.protocol import MAX_FRAME_BYTES, SUBPROTOCOL, decode_frame
from realtime_project.live.transport import DENIAL, EXTENSION, AsgiSocket, Transport
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
        transport = _extensions(scope).get(EXTENSION) or AsgiSocket(send)
        # For this socket's task and those that it starts.
        translation.activate(_language(scope))
        try:
            admitted = await _admit(scope, transport)
        except handshake.Gone:
            return
        except handshake.Refused as refused:
            logger.info("Refused a socket: %s", refused)
            metrics.handshakes.by[str(int(refused.status)), refused.reason] += 1
            await _refuse(scope, send, refused.status)
            return
        except Exception:
            metrics.handshakes.by["500", "fault"] += 1
            raise
        metrics.handshakes.by["101", "accepted"] += 1
        await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL, "headers": []})
        connection = Connection(
            worker.hub,
            transport,
            admitted.person,
            admitted.session,
            worker.epoch,
            handshake.address_of(scope),
        )
        if handshake.is_revoked(worker.hub, admitted):
            connection.close(CloseCode.SIGNED_OUT, "signed out")
        with worker.serving():
            await _serve(connection, admitted.expires_in_seconds, receive)


async def _admit(scope: WebSocketScope, transport: Transport) -> handshake.Admitted:
    with handshake.refusing_while_away():
        await worker.start()
        _refuse_while_draining()
        admitted = await handshake.admit(worker.hub, scope, has_left=lambda: transport.is_abandoned)
    # It may have begun meanwhile, and has its list of those whom it says goodbye to.
    _refuse_while_draining()
    return admitted


def _refuse_while_draining() -> None:
    if worker.is_draining:
        raise handshake.Refused(HTTPStatus.SERVICE_UNAVAILABLE, "draining")


async def _refuse(scope: WebSocketScope, send: ASGISendCallable, status: HTTPStatus) -> None:
    if DENIAL not in _extensions(scope):
        # Plain ASGI knows one refusal, which servers turn into 403.
        await send({"type": "websocket.close", "code": 1000, "reason": ""})
        return
    await send({"type": "websocket.http.response.start", "status": status, "headers": []})
    await send({"type": "websocket.http.response.body", "body": b"", "more_body": False})


def _language(scope: WebSocketScope) -> str:
    asked = parse_qs(scope["query_string"].decode("latin1")).get("language", [""])
    return wanted_language(asked[0])


def _extensions(scope: WebSocketScope) -> dict[str, Any]:
    return cast(dict[str, Any], scope.get("extensions") or {})


async def _serve(
    connection: Connection, expires_in_seconds: float, receive: ASGIReceiveCallable
) -> None:
    commands = CommandLoop(connection)
    heartbeat = Heartbeat(connection, expires_in_seconds)
    connection.transport.write(hello(connection))
    try:
        while (message := await receive())["type"] == "websocket.receive":
            heartbeat.hear()
            if connection.is_open:
                _take_in(commands, message.get("text"))
        metrics.closes.by[known_code(cast(int, message.get("code", 1005)))] += 1
    finally:
        heartbeat.stop()
        connection.transport.abandon()
        connection.end()
        await commands.finish()


def _take_in(commands: CommandLoop, text: str | None) -> None:
    try:
        if text is None:
            raise LiveError(ErrorCode.BAD_REQUEST, "Binary frames are not spoken here.")
        if len(text) > MAX_FRAME_BYTES:
            raise LiveError(ErrorCode.TOO_LARGE, "That frame is larger than 64 KiB.")
        frame = decode_frame(text)
    except LiveError as error:
        metrics.commands.by["unreadable", error.code] += 1
        commands.refuse(None, error)
        return
    if frame.do is not None:
        commands.put(frame)
