"""HTTP and WebSocket as Twisted, autobahn and daphne speak them, with what they leave out: how an
answer, a handshake and a socket fail, and what may come before the accept."""

from typing import Any

from daphne.http_protocol import WebRequest
from daphne.ws_protocol import WebSocketProtocol
from twisted.web.http import HTTPChannel, _GenericHTTPChannelProtocol

from realtime_project.live.framing import is_pong


def live_channel() -> _GenericHTTPChannelProtocol:
    """Return what reads the requests of a new connection."""
    return _GenericHTTPChannelProtocol(LiveChannel())  # type: ignore[no-untyped-call]


class LiveChannel(HTTPChannel):
    """One connection's requests, handshakes among them."""

    # daphne sets its own for each connection.
    requestFactory = property(lambda _: LiveRequest, lambda _, given: None)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Refuse a request with a line that is too long."""
        # Twisted only asks the transport to close, and with TLS it does not, as long as the
        # channel minds its buffer: whoever sends such a line could stay.
        self._respondToBadRequestAndDisconnect()  # type: ignore[no-untyped-call]


class LiveRequest(WebRequest):
    """One request, and its answer."""

    def handle_exception(self, exception: BaseException) -> None:
        """Tell that the application failed. Where an answer has begun it ends with the connection:
        daphne would begin another one, and fail in the round in which it looks after all of its
        applications, which then comes never again."""
        if self._response_started:
            self.loseConnection()
        else:
            super().handle_exception(exception)


class LiveProtocol(WebSocketProtocol):
    """One socket's frames."""

    live_transport: Any = None

    def onOpen(self) -> None:
        """The handshake is over, and with it what its headers were kept for: with a browser's
        they are several kilobytes, and a socket stays for hours."""
        super().onOpen()
        # The same lists and dicts that the scope and the request hold.
        self.clean_headers.clear()
        self.http_headers.clear()

    def check_timeouts(self) -> None:
        """Look whether this takes too long. The application itself minds sockets that are open."""
        if self.state == self.STATE_CONNECTING or self.server.websocket_timeout >= 0:
            super().check_timeouts()

    def _dataReceived(self, data: bytes) -> None:
        if self._is_between_messages and is_pong(data):
            # Nearly all that comes from those who only listen: a fifth of the way of a command.
            self.live_transport.on_pong()
        else:
            super()._dataReceived(data)
        if self.live_transport is not None:
            self.live_transport.notice_reset()

    @property
    def _is_between_messages(self) -> bool:
        return (
            self.state == self.STATE_OPEN
            and not (self.data or self.inside_message or self.failedByMe)
            and self.current_frame is None
        )

    def consumeData(self) -> None:
        """Look at what has arrived."""
        if self.state == self.STATE_CONNECTING and hasattr(self, "handshake_deferred"):
            # Frames before the accept wait for it: autobahn comes back here for them. Looked at
            # now they would be searched for the head of another handshake.
            return
        super().consumeData()

    def processData(self) -> bool:
        """Process one part of what has arrived; tells whether there may be more."""
        if self.failedByMe:
            # RFC 6455, section 7.1.7: nothing more is taken from who broke the protocol, also no
            # answer to the close frame.
            self.data = b""
            return False
        more: bool = super().processData()
        return more

    def _fail_connection(self, *args: Any, **kwargs: Any) -> None:
        super()._fail_connection(*args, **kwargs)
        if self.live_transport is not None:
            # Not dropped: that would throw the close frame away on its way to the client.
            self.live_transport.end_writing()

    def _protocol_violation(self, reason: str) -> bool:
        super()._protocol_violation(reason)
        return True

    def _invalid_payload(self, reason: str) -> bool:
        super()._invalid_payload(reason)
        return True
