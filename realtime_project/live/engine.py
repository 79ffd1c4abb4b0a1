"""Our daphne server: the stock one with a direct writer, back-pressure, refusals with a status,
close codes with a reason, and a drain."""

import asyncio
import logging
import resource
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from pathlib import Path
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Any

from autobahn.websocket.protocol import WebSocketProtocol
from autobahn.websocket.types import ConnectionDeny
from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet import defer

from realtime_project.live.collecting import Collector
from realtime_project.live.direct import DirectTransport
from realtime_project.live.direct_events import DirectEvents
from realtime_project.live.drain import drain, finish
from realtime_project.live.exposition import BEHIND_PROXY
from realtime_project.live.files import PATHSEND
from realtime_project.live.intake import Intake
from realtime_project.live.listening import leave
from realtime_project.live.pressure import SEND_BUFFER_BYTES
from realtime_project.live.residents import Residents
from realtime_project.live.supervisor import notify, watch
from realtime_project.live.transport import DENIAL, EXTENSION
from realtime_project.live.wire import LiveProtocol, live_channel
from realtime_project.live.worker import worker

logger = logging.getLogger(__name__)

BACKLOG = 4096


class LiveServer(Server):
    """One worker."""

    endpoints: list[str]
    connections: dict[Any, dict[str, Any]]

    def __init__(
        self, *args: Any, on_listening: Callable[[], None], drain_wait: float = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.endpoints = [_with_backlog(endpoint) for endpoint in self.endpoints]
        self.ready_callable = self._configure
        self.has_failed = False
        self._on_listening = on_listening
        self._drain_wait = drain_wait
        self._ports: list[Any] = []
        self._residents = Residents(worker.start)

    # --- listening ------------------------------------------------------------------------

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self._ports.append(port)
        # Accepted sockets inherit it, those that are no TCP get it one by one.
        port.socket.setsockopt(SOL_SOCKET, SO_SNDBUF, SEND_BUFFER_BYTES)
        self._on_listening()
        notify("READY=1")

    def listen_error(self, failure: Any) -> None:
        self.has_failed = True
        super().listen_error(failure)

    def _configure(self) -> None:
        self.http_factory.protocol = live_channel
        self.ws_factory.protocol = LiveProtocol
        # A client that breaks the protocol is told by a close code (1002, 1007, 1009) instead of
        # finding its connection dropped: a page must know that its frame was too large. Whether
        # the origin "null" is ours the application says, as of every other; each call sets this.
        self.ws_factory.setProtocolOptions(
            failByDrop=False, echoCloseCodeReason=True, allowNullOrigin=True
        )
        _raise_descriptor_limit()
        watch(asyncio.get_event_loop())
        self._residents.begin()
        self._collector = Collector(asyncio.get_event_loop(), lambda: worker.hub.connections)

    # --- one connection -------------------------------------------------------------------

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] != "websocket":
            scope["extensions"] = {EXTENSION: DirectEvents(protocol), PATHSEND: {}}
            if self.proxy_forwarded_address_header:
                scope["extensions"][BEHIND_PROXY] = {}
            return super().create_application(protocol, scope)
        transport = DirectTransport(protocol)
        protocol.live_transport = transport
        scope |= {"asgi": {"version": "3.0"}, "extensions": {EXTENSION: transport, DENIAL: {}}}
        intake = Intake(transport)
        # As the stock server does, but for the queue.
        self.connections[protocol]["application_instance"] = asyncio.ensure_future(
            self.application(scope, intake.get, partial(self.handle_reply, protocol))
        )
        return intake

    async def handle_reply(self, protocol: Any, message: Any) -> None:
        """Carry out what the application says, with what the stock server leaves out."""
        if message["type"].startswith(DENIAL):
            _deny(self, protocol, message)
            return
        if message["type"] == "websocket.accept" and _is_waiting(protocol):
            protocol.live_transport.keep_early()
            await super().handle_reply(protocol, message)
            protocol.live_transport.accepted()
            return
        if message["type"] == PATHSEND:
            message = {"type": "http.response.body", "body": _read(message["path"])}
        await super().handle_reply(protocol, message)

    # --- going away -----------------------------------------------------------------------

    def kill_all_applications(self) -> Any:
        """Called by the reactor before it stops; it waits for what is returned."""
        drained = defer.Deferred.fromFuture(asyncio.ensure_future(self._leave()))
        return drained.addCallback(lambda _: self._kill_what_is_left())

    async def _leave(self) -> None:
        worker.is_draining = True
        notify("STOPPING=1")
        await asyncio.sleep(self._drain_wait)
        await asyncio.gather(*map(leave, self._ports))
        await drain(worker)
        await finish(self._is_answering)
        await self._residents.end()

    def _is_answering(self) -> bool:
        return any(
            isinstance(protocol, WebRequest) and "disconnected" not in details
            for protocol, details in self.connections.items()
        )

    def _kill_what_is_left(self) -> Any:
        # A connection whose application has ended already has no key for it.
        self.connections = {
            protocol: details
            for protocol, details in self.connections.items()
            if "application_instance" in details
        }
        return super().kill_all_applications()


def _is_waiting(protocol: Any) -> bool:
    return bool(protocol.state == WebSocketProtocol.STATE_CONNECTING)


def _deny(server: Server, protocol: Any, message: Any) -> None:
    """Refuse a handshake with the status that the application chose."""
    if message["type"] != f"{DENIAL}.start" or protocol.state != WebSocketProtocol.STATE_CONNECTING:
        return
    status = HTTPStatus(message["status"])
    protocol.handshake_deferred.errback(_denial(status))
    del protocol.handshake_deferred
    server.protocol_disconnected(protocol)


def _read(path: str) -> bytes:
    # On the loop: what was collected is small and in the kernel's cache, and by way of a thread it
    # costs four times as much.
    return Path(path).read_bytes()


def _denial(status: HTTPStatus) -> Exception:
    denial: Exception = ConnectionDeny(code=int(status), reason=status.phrase)  # type: ignore[no-untyped-call]
    return denial


def _with_backlog(endpoint: str) -> str:
    # Twisted's own, 50, lets a busy moment of 0.3 s turn hundreds of clients away.
    if endpoint.startswith(("tcp:", "ssl:", "unix:")) and "backlog=" not in endpoint:
        return f"{endpoint}:backlog={BACKLOG}"
    return endpoint


def _raise_descriptor_limit() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
