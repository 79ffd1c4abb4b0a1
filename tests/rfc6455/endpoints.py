"""The servers that the battery is fired at, each reached over a real socket."""

import socket as sockets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from realtime_project.live.protocol import SUBPROTOCOL
from tests.rfc6455.raw import TEXT, RawSocket, command, frame
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.installation import ROOT, Installation
from tests.servers.nginx import serve_nginx
from tests.servers.process import free_port, running
from tests.wire import make_people

LINE = "GET /ws/ HTTP/1.1"
SITE = """
server {{
    listen 127.0.0.1:{port};
    location /ws/ {{
        proxy_pass http://127.0.0.1:{target};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $http_connection;
        proxy_buffering off;
    }}
}}
"""


@dataclass
class Endpoint:
    """A way to a worker: what it is called, where it listens, who may come."""

    name: str
    port: int
    alice: str
    bob: str
    room: str
    certificate: Certificate | None = None

    def connect(self) -> RawSocket:
        connected = sockets.create_connection(("127.0.0.1", self.port))
        return RawSocket(self.certificate.connect(connected) if self.certificate else connected)

    def open(self) -> RawSocket:
        """A socket of Alice's that has been greeted."""
        return self._greeted(self.alice)

    def handshake(
        self,
        line: str = LINE,
        *,
        change: Mapping[str, str | None] | None = None,
        add: Sequence[str] = (),
    ) -> bytes:
        """A page's handshake of Alice's. `change` replaces a header or leaves it out (None), `add`
        appends lines."""
        here = f"127.0.0.1:{self.port}"  # behind TLS too: without SITE_URL only http is ours
        headers = {
            "Host": here,
            "Origin": f"http://{here}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
            "Sec-WebSocket-Protocol": SUBPROTOCOL,
            "Cookie": f"sessionid={self.alice}",
        } | dict(change or {})
        told = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        return "\r\n".join([line, *told, *add, "", ""]).encode("latin1")

    def violated(self, code: int) -> int | None:
        """How a socket ends that broke the protocol in a way for which there is this code."""
        # autobahn's default, with which plain daphne runs, is to drop the connection.
        return None if self.name == "daphne" else code

    def serves(self) -> bool:
        """Whether somebody else gets in and is answered."""
        with self._greeted(self.bob) as his:
            his.send(frame(TEXT, command("bystander")))
            return his.echo() == "bystander"

    def _greeted(self, session: str) -> RawSocket:
        socket = self.connect()
        socket.send(self.handshake(change={"Cookie": f"sessionid={session}"}))
        head = socket.hear_head()
        assert head.status == 101, head
        socket.hear_text(event="hello")
        return socket


@dataclass
class Served:
    """One worker of ours, and the two ways into it."""

    plain: Endpoint
    tls: Endpoint


@contextmanager
def our_server(installation: Installation, folder: Path) -> Iterator[Served]:
    port, certificate = free_port(), make_certificate(folder)
    with installation.served("--endpoint", certificate.endpoint(port)):
        plain = endpoint_at("serve", installation)
        yield Served(plain, replace(plain, name="tls", port=port, certificate=certificate))


@contextmanager
def plain_daphne(installation: Installation) -> Iterator[Endpoint]:
    program = [sys.executable, "-m", "daphne", "-p", str(installation.port)]
    with running(
        [*program, "realtime_project.asgi:application"],
        log=installation.log,
        is_ready=installation.answers,
        env=installation.environment() | {"DEBUG": "1", "PYTHONPATH": str(ROOT)},
    ):
        yield endpoint_at("daphne", installation)


@contextmanager
def through_nginx(server: Endpoint) -> Iterator[Endpoint]:
    port = free_port()
    with serve_nginx(SITE.format(port=port, target=server.port), port):
        yield Endpoint("nginx", port, server.alice, server.bob, server.room)


def endpoint_at(name: str, installation: Installation) -> Endpoint:
    room, [alice, bob] = make_people(installation, "alice", "bob")
    return Endpoint(name, installation.port, alice, bob, room)
