"""Stands between a browser and a server, and does to WebSockets what a bad network does."""

import contextlib
import socket
from collections.abc import Iterator
from threading import Event, Lock, Thread

from tests.servers.process import free_port

CHUNK = 65_536
HANDSHAKE = b"GET /ws/"


class Proxy:
    """Passes everything on. WebSockets can be cut or held up; other requests never are."""

    def __init__(self, listener: socket.socket, target: int) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._listener = listener
        self._target = target
        self._flowing = Event()
        self._flowing.set()
        self._guard = Lock()
        self._is_cut = False
        self._sockets: set[socket.socket] = set()

    def cut(self) -> None:
        """End every WebSocket, and let no new one through."""
        with self._guard:
            self._is_cut = True
            for one in self._sockets:
                hang_up(one)
        self._flowing.set()

    def mend(self) -> None:
        """Let WebSockets through again."""
        with self._guard:
            self._is_cut = False

    def hold(self) -> None:
        """Keep back what is sent over WebSockets, either way; they stay open."""
        self._flowing.clear()

    def let_go(self) -> None:
        """Send what was kept back."""
        self._flowing.set()

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = client.recv(CHUNK)
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                server.sendall(head)
                self._join(client, server, is_socket=head.startswith(HANDSHAKE))

    def _join(self, client: socket.socket, server: socket.socket, *, is_socket: bool) -> None:
        if is_socket and not self._admit(client):
            return
        back = Thread(target=self._pump, args=[server, client, is_socket], daemon=True)
        back.start()
        self._pump(client, server, is_socket)
        back.join()
        with self._guard:
            self._sockets.discard(client)

    def _admit(self, client: socket.socket) -> bool:
        with self._guard:
            if not self._is_cut:
                self._sockets.add(client)
            return not self._is_cut

    def _pump(self, source: socket.socket, sink: socket.socket, is_socket: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if is_socket:
                    self._flowing.wait()
                sink.sendall(data)
        hang_up(source)
        hang_up(sink)


def hang_up(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    with socket.create_server(("127.0.0.1", free_port())) as listener:
        proxy = Proxy(listener, port)
        thread = Thread(target=proxy.serve, daemon=True)
        thread.start()
        yield proxy
        proxy.cut()
        hang_up(listener)
        thread.join()
