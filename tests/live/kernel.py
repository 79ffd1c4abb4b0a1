"""Twisted's connections over a kernel that takes as much as a test says."""

from socket import AF_INET
from typing import Any

from twisted.internet import tcp
from twisted.internet.abstract import FileDescriptor


class Wire:
    """A kernel socket that takes as many bytes as it is told, or fails."""

    def __init__(self) -> None:
        self.taken = b""
        self.room = 1_000_000
        self.error: OSError | None = None
        self.family = AF_INET

    def send(self, data: bytes) -> int:
        if self.error is not None:
            raise self.error
        if not self.room:
            raise BlockingIOError
        part = data[: self.room]
        self.taken += part
        self.room -= len(part)
        return len(part)


class Connection(tcp.Connection):
    """Twisted's TCP connection without a reactor: what is buffered goes out when it is flushed."""

    def __init__(self) -> None:
        FileDescriptor.__init__(self, reactor=None)
        self.socket: Any = Wire()
        self.connected = True
        self.is_reading = True
        self.is_aborted = False

    def startWriting(self) -> None:
        """There is no reactor to tell."""

    def startReading(self) -> None:
        self.is_reading = True

    def stopReading(self) -> None:
        self.is_reading = False

    def abortConnection(self) -> None:
        self.is_aborted = True
        self.connected = False

    def flush(self) -> None:
        waiting = self.dataBuffer[self.offset :] + b"".join(self._tempDataBuffer)
        self.socket.taken += waiting
        self.dataBuffer, self.offset, self._tempDataBuffer, self._tempDataLen = b"", 0, [], 0
        if self.producer is not None and self.producerPaused:
            self.producerPaused = False
            self.producer.resumeProducing()
