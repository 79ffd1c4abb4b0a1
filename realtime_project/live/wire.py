"""The WebSocket protocol as autobahn and daphne speak it, with what they leave out: how a socket
fails, and what may come before it is accepted."""

from typing import Any

from daphne.ws_protocol import WebSocketProtocol


class LiveProtocol(WebSocketProtocol):
    """One socket's frames."""

    live_transport: Any = None

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
