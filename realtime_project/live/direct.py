"""A WebSocket behind our own daphne: frames go straight to the socket, and reading stops when the
client sends or reads too slowly for what it asks.

This is the one place that knows how Twisted and autobahn keep their buffers.
"""

from errno import ENOBUFS
from socket import MSG_DONTWAIT, MSG_PEEK
from typing import Any

from autobahn.websocket.protocol import WebSocketProtocol
from twisted.internet.tcp import Connection as TcpConnection
from twisted.protocols.tls import TLSMemoryBIOProtocol

from realtime_project.live.codes import CloseCode
from realtime_project.live.framing import text_frame
from realtime_project.live.pressure import PressedTransport, bound_sending, connection_beneath
from realtime_project.live.transport import note_waiting

MAX_WAITING_FRAMES = 32
MAX_WAITING_BYTES = 256 * 1024


class DirectTransport(PressedTransport):
    """Writes to one protocol's socket, and decides whether that protocol reads.

    A frame goes out with one system call when nothing waits before it. When something does, the
    frame joins what waits: two frames must never be mixed.
    """

    kind = "direct"

    def __init__(self, protocol: Any) -> None:
        super().__init__()
        self._protocol = protocol
        self._socket = protocol.transport
        # With TLS or another wrapper in between, bytes written past it would be garbage.
        self._is_plain = isinstance(self._socket, TcpConnection)
        self._is_accepted = False
        self._is_reading = True
        self._is_lost = False
        self._frames = 0
        self._bytes = 0
        # Not at once: daphne resumes reading when it has handed the connection over. Until the
        # handshake is accepted bytes would pile up, and be looked through again with each chunk.
        self._loop.call_soon(self._regulate)

    @property
    def is_abandoned(self) -> bool:
        if not self._is_plain or not self._is_connected:
            return not self._is_connected
        try:
            # Nothing is read before the handshake is accepted, so that Twisted hears no end.
            return not self._socket.socket.recv(1, MSG_PEEK | MSG_DONTWAIT)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            return True

    @property
    def unsent_bytes(self) -> int:
        socket = self._socket
        return len(socket.dataBuffer) - socket.offset + socket._tempDataLen if self._is_plain else 0

    # --- writing --------------------------------------------------------------------------

    def write(self, frame: bytes) -> None:
        # Behind a close frame nothing may follow, and after the end there is no socket.
        if not self.is_open or self._protocol.state != WebSocketProtocol.STATE_OPEN:
            return
        self.written += 1
        socket = self._socket
        data = text_frame(frame)
        if not self._is_plain or socket.dataBuffer or socket._tempDataBuffer:
            self._wait_with(data)
        elif socket.connected and not socket.disconnecting:
            self._send_at_once(data)

    def close(self, code: CloseCode, reason: str) -> None:
        if not self.is_open:
            return
        self.is_open = False
        if self._protocol.state == WebSocketProtocol.STATE_OPEN:
            # autobahn takes nothing but str itself, and a reason may be one of an enum.
            self._protocol.sendClose(code=int(code), reason=str(reason))
        # The close frame, ours or an answer to the peer's, waits behind what the peer does not
        # read.
        self._cut_off_soon()

    def end_writing(self) -> None:
        """Close our half of the connection once all is written, because the peer broke the
        protocol. What it still sends is read and thrown away: closing on it would be a reset,
        which can overtake the close frame."""
        self.is_open = False
        if self._is_plain:
            self._socket.loseWriteConnection()
        else:
            self._socket.unregisterProducer()
            self._socket.loseConnection()

    def abandon(self) -> None:
        super().abandon()
        self._is_lost = True

    # --- reading --------------------------------------------------------------------------

    def pauseProducing(self) -> None:
        """Who does not take what is written is not read from either."""
        super().pauseProducing()
        self._regulate()

    def resumeProducing(self) -> None:
        super().resumeProducing()
        self._regulate()

    def keep_early(self) -> None:
        """Hand over what came in one piece with the handshake, before that is accepted: the HTTP
        channel keeps it for another request of its own."""
        early, channel = self._protocol.data, self._channel()
        self._protocol.data = b"".join(channel._dataBuffer) + early
        channel._dataBuffer.clear()

    def accepted(self) -> None:
        """The handshake is done: read, and mind how much waits to be written."""
        self._is_accepted = True
        bound_sending(connection_beneath(self._socket))
        # Until now the HTTP channel was told; it is out of it.
        self._socket.unregisterProducer()
        self._socket.registerProducer(self, True)
        self._regulate()

    def put(self, message: Any) -> None:
        """Count a message that the consumer has still to take."""
        self._frames += 1
        self._bytes += _size(message)
        self._regulate()

    def taken(self, message: Any) -> None:
        """Count a message that the consumer has taken."""
        self._frames -= 1
        self._bytes -= _size(message)
        self._regulate()

    def notice_reset(self) -> None:
        """Look whether the peer has reset the connection behind what was read just now.

        uvloop tells of a reset once. Told together with the last data it would go unnoticed until
        somebody writes to this client, which meanwhile counts as one that is here.
        """
        if not self._is_connected:
            return
        try:
            connection_beneath(self._socket).socket.recv(1, MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._abort()

    # --- within ---------------------------------------------------------------------------

    def _channel(self) -> Any:
        # Until a socket is accepted the channel minds how much waits to be written.
        transport: Any = self._socket
        while not isinstance(transport, TcpConnection):
            if isinstance(transport, TLSMemoryBIOProtocol):
                # Its types know only of a producer that is not there.
                return transport._producer._producer  # type: ignore[attr-defined]
            # Such as the one that takes the PROXY line off, and passes all else on.
            transport = transport.transport
        return transport.producer

    def _send_at_once(self, data: bytes) -> None:
        try:
            sent = self._socket.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            if error.errno != ENOBUFS:
                # A reset or a broken pipe is the end of this client, not of the fan-out.
                self._abort()
                return
            # The kernel is short of memory, which is nobody's end: Twisted tries again.
            sent = 0
        if sent < len(data):
            self._wait_with(data[sent:])

    def _wait_with(self, data: bytes) -> None:
        self._socket.write(data)
        note_waiting(self)

    def _regulate(self) -> None:
        should_read = (
            self._is_accepted
            and not self._is_congested
            and self._frames < MAX_WAITING_FRAMES
            and self._bytes < MAX_WAITING_BYTES
        )
        if should_read == self._is_reading or not self._socket.connected:
            return
        self._is_reading = should_read
        if should_read:
            self._socket.resumeProducing()
        else:
            self._socket.pauseProducing()

    @property
    def _is_connected(self) -> bool:
        # A wrapper does not tell that it is so no longer.
        return bool(self._socket.connected) and not self._is_lost

    def _abort(self) -> bool:
        self.is_open = False
        if was_connected := self._is_connected:
            self._socket.abortConnection()
        return was_connected


def _size(message: Any) -> int:
    return len(message.get("text") or message.get("bytes") or b"")
