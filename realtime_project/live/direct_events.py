"""Server-Sent Events behind our own daphne: what waits for a reader is bounded."""

from typing import Any

from twisted.web.http import Request

from realtime_project.live.codes import CloseCode
from realtime_project.live.pressure import PressedTransport, bound_sending, connection_beneath
from realtime_project.live.transport import EventsTransport


class DirectEvents(PressedTransport, EventsTransport):
    """Writes to one request's response. The response says `Connection: close`, so that cutting it
    off can hit no later request."""

    kind = "events"

    def __init__(self, request: Any) -> None:
        super().__init__()
        self._request = request
        # The request forgets it when it is finished, which may be before it is all sent.
        self._transport = request.channel.transport

    def begin(self) -> None:
        """The response has been started: have Twisted tell how much of it waits."""
        if self._is_connected:
            bound_sending(connection_beneath(self._transport))
            self._request.registerProducer(self, True)

    def write(self, frame: bytes) -> None:
        EventsTransport.write(self, frame)

    def write_block(self, block: bytes) -> None:
        if self.is_open and self._is_connected:
            self.written += 1
            Request.write(self._request, block)  # type: ignore[no-untyped-call]

    def close(self, code: CloseCode, reason: str) -> None:
        if not self.is_open:
            return
        self.is_open = False
        if self._is_connected:
            self._request.unregisterProducer()
            self._request.finish()
            self._cut_off_soon()

    @property
    def _is_connected(self) -> bool:
        # Twisted takes the attribute away from a request that is over.
        channel = getattr(self._request, "channel", None)
        return channel is not None and not self._request._disconnected

    def _abort(self) -> bool:
        self.is_open = False
        if was_connected := bool(self._transport.connected):
            self._transport.abortConnection()
        return was_connected
