"""Stands between two servers, and can swallow what they say: a network that answers nothing."""

import contextlib
import socket
from collections.abc import Iterator
from threading import Thread

from tests.servers.process import free_port
from tests.servers.proxy import CHUNK, hang_up


class Hole:
    """Passes everything on, until it swallows. What is open then, or is opened, never hears
    anything again and is not closed either; what is opened after `mend` passes."""

    def __init__(self, listener: socket.socket, target: int) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener = listener
        self._target = target
        self._lost: set[socket.socket] = set()
        self._sockets: set[socket.socket] = set()
        self._is_swallowing = False

    def swallow(self) -> None:
        self._is_swallowing = True
        self._lost |= self._sockets

    def mend(self) -> None:
        self._is_swallowing = False

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                Thread(target=self._connect, args=[client], daemon=True).start()

    def end(self) -> None:
        for one in [self._listener, *self._sockets]:
            hang_up(one)

    def _connect(self, client: socket.socket) -> None:
        with (
            client,
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", self._target)) as server,
        ):
            ends = {client, server}
            self._sockets |= ends
            if self._is_swallowing:
                self._lost |= ends
            back = Thread(target=self._pump, args=[server, client], daemon=True)
            back.start()
            self._pump(client, server)
            back.join()
            self._sockets -= ends
            self._lost -= ends

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if source not in self._lost:
                    sink.sendall(data)
        hang_up(source)
        hang_up(sink)


@contextlib.contextmanager
def hole_before(port: int) -> Iterator[Hole]:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        hole = Hole(listener, port)
        thread = Thread(target=hole.serve, daemon=True)
        thread.start()
        yield hole
        hole.end()
        thread.join()
