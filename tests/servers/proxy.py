"""Stands between a browser and a server, and does to what is live what bad networks and proxies do.

It passes one request over each connection, so that it knows what each of them is for.
"""

import contextlib
import re
import socket
from collections.abc import Iterator
from threading import Event, Lock, Thread

from tests.servers.process import free_port

CHUNK = 65_536
END_OF_HEAD = b"\r\n\r\n"
REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

SOCKETS = "/ws/"
EVENTS = "/live/events/"
LIVE = (SOCKETS, "/live/")


class Proxy:
    """Passes everything on, until it is told otherwise. Pages themselves can always be had."""

    def __init__(self, listener: socket.socket, target: int) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._listener = listener
        self._target = target
        self._flowing = Event()
        self._flowing.set()
        self._guard = Lock()
        self._cut: tuple[str, ...] = ()
        self._refused: tuple[str, ...] = ()
        self._swallowed: tuple[str, ...] = ()
        self._to_lose = 0
        self.lost: list[bytes] = []
        self._open: dict[socket.socket, str] = {}

    # --- what a bad network does ----------------------------------------------------------------

    def cut(self) -> None:
        """End everything live, and let nothing of it through."""
        self._become(cut=LIVE)
        self._flowing.set()

    def hold(self) -> None:
        """Keep back what is sent over WebSockets, either way; they stay open."""
        self._flowing.clear()

    def let_go(self) -> None:
        """Send what was kept back."""
        self._flowing.set()

    def lose_answers(self, count: int) -> None:
        """Hang up instead of so many answers; what was asked is done. `lost` are their heads."""
        with self._guard:
            self._to_lose = count

    # --- what a bad proxy does ------------------------------------------------------------------

    def refuse(self, *paths: str) -> None:
        """Refuse these; what is open of them ends."""
        self._become(refused=paths)

    def swallow(self, *paths: str) -> None:
        """Begin to answer these, and keep back what follows until the server ends it; what is open
        of them ends."""
        self._become(swallowed=paths)

    def mend(self) -> None:
        """Let everything through again that is new; what goes another way meanwhile goes on."""
        with self._guard:
            self._cut = self._refused = self._swallowed = ()

    def _become(
        self,
        cut: tuple[str, ...] = (),
        refused: tuple[str, ...] = (),
        swallowed: tuple[str, ...] = (),
    ) -> None:
        with self._guard:
            self._cut, self._refused, self._swallowed = cut, refused, swallowed
            for one, path in self._open.items():
                if path.startswith((*cut, *refused, *swallowed)):
                    hang_up(one)

    # --- serving --------------------------------------------------------------------------------

    def serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._connect, args=[client], daemon=True).start()

    def _connect(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head, body = read_head(client)
            path = (head.split(b" ", 2)[1:2] or [b""])[0].decode("latin1")
            if head and self._admit(client, path):
                with socket.create_connection(("127.0.0.1", self._target)) as server:
                    server.sendall(single(head) + END_OF_HEAD + body)
                    self._join(client, server, path)

    def _admit(self, client: socket.socket, path: str) -> bool:
        with self._guard:
            if path.startswith(self._refused):
                client.sendall(REFUSAL)
            elif not path.startswith(self._cut):
                self._open[client] = path
                return True
            return False

    def _join(self, client: socket.socket, server: socket.socket, path: str) -> None:
        back = Thread(target=self._answer, args=[server, client, path], daemon=True)
        back.start()
        self._pump(client, server, path)
        back.join()
        with self._guard:
            self._open.pop(client, None)

    def _answer(self, server: socket.socket, client: socket.socket, path: str) -> None:
        with contextlib.suppress(OSError):
            if self._loses_next():
                self.lost.append(read_head(server)[0])
                hang_up(server)
                hang_up(client)
                return
            if path.startswith(self._swallowed):
                head, kept = read_head(server)
                client.sendall(head + END_OF_HEAD)
                while data := server.recv(CHUNK):
                    kept += data
                client.sendall(kept)
        self._pump(server, client, path)

    def _loses_next(self) -> bool:
        with self._guard:
            loses = self._to_lose > 0
            self._to_lose -= loses
        return loses

    def _pump(self, source: socket.socket, sink: socket.socket, path: str) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                if path.startswith(SOCKETS):
                    self._flowing.wait()
                sink.sendall(data)
        hang_up(source)
        hang_up(sink)


def read_head(source: socket.socket) -> tuple[bytes, bytes]:
    """Read the head of a request or an answer; returns it with what came behind it."""
    data = b""
    while END_OF_HEAD not in data:
        more = source.recv(CHUNK)
        if not more:
            return b"", b""
        data += more
    head, _, rest = data.partition(END_OF_HEAD)
    return head, rest


def single(head: bytes) -> bytes:
    """Have the server close the connection behind its answer, but for upgrades."""
    return re.sub(rb"(?i)\r\nconnection: keep-alive", b"\r\nConnection: close", head)


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
