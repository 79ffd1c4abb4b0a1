"""A worker listens on TCP, with TLS and on a Unix socket, and all are served alike."""

import json
import signal
import socket as sockets
import ssl
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from tests.conftest import NewInstallation
from tests.rfc6455.endpoints import Endpoint
from tests.rfc6455.raw import PING, TEXT, RawSocket, frame
from tests.servers.certificate import Certificate, make_certificate
from tests.servers.installation import ROOT, Installation
from tests.servers.process import free_port, running
from tests.wire import Client, client, make_people, speak

# `manage.py serve` that says of each frame that it writes past Twisted how it was connected.
SERVE = """
import sys
import manage
from realtime_project.live import loop
loop.install()
from realtime_project.live.direct import DirectTransport
send = DirectTransport._send_at_once
def telling(self, data):
    print("sent at once by", type(self._socket).__module__, flush=True)
    send(self, data)
DirectTransport._send_at_once = telling
manage.main()
"""
AT_ONCE = {
    "tcp": "sent at once by twisted.internet.tcp",
    "unix": "sent at once by twisted.internet.unix",
}
# A mebibyte.
PINGS = frame(PING, b"x" * 125, key=bytes(4)) * (1024 * 1024 // 131)
WAYS = ["tcp", "tls", "unix"]


@dataclass
class Worker:
    """One worker with three ways into it."""

    installation: Installation
    tls_port: int
    certificate: Certificate
    path: Path

    def socket(
        self,
        way: str,
        *,
        buffer: int | None = None,
        newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    ) -> sockets.socket:
        """Connect; `buffer` is how much the kernel takes before somebody reads."""
        family = sockets.AF_UNIX if way == "unix" else sockets.AF_INET
        one = sockets.socket(family)
        if buffer is not None:
            one.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, buffer)
        if way == "unix":
            one.connect(str(self.path))
            return one
        one.connect(("127.0.0.1", self.tls_port if way == "tls" else self.installation.port))
        if way == "tls":
            return self.certificate.connect(one, newest=newest)
        return one

    def client(self, way: str, session: str) -> AbstractContextManager[Client]:
        # This client reads in one thread and writes in another, which Python 3.11 does not keep
        # apart within one TLS connection: the tickets of version 1.3 come while it begins to talk.
        one = self.socket(way, newest=ssl.TLSVersion.TLSv1_2)
        return client(self.installation, session, sock=one)

    def listener(self, way: str, session: str, room: str) -> RawSocket:
        """Somebody who subscribes to a room, and then reads nothing any more."""
        one = RawSocket(self.socket(way, buffer=4096))
        page = Endpoint(way, self.installation.port, session, session, room)
        one.send(page.handshake())
        assert one.hear_head().status == 101
        one.send(
            frame(TEXT, json.dumps({"id": 1, "do": "subscribe", "topics": {room: None}}).encode())
        )
        assert "ok" in one.hear_text(re=1)
        return one

    def log(self) -> str:
        return self.installation.log.read_text()


@contextmanager
def listening(installation: Installation, folder: Path) -> Iterator[Worker]:
    worker = Worker(installation, free_port(), make_certificate(folder), folder / "worker.sock")
    tls = worker.certificate.endpoint(worker.tls_port)
    command = [
        *(sys.executable, "-c", SERVE, "serve", "--prepare", "--no-jobs"),
        *("--port", str(installation.port)),
    ]
    with running(
        [*command, "--unix-socket", worker.path, "--endpoint", tls],
        log=installation.log,
        is_ready=installation.answers,
        env=installation.environment() | {"PYTHONPATH": str(ROOT)},
    ) as installation.process:
        yield worker


@pytest.fixture(scope="module")
def worker(
    new_installation: NewInstallation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    with listening(new_installation(), tmp_path_factory.mktemp("worker")) as worker:
        # What a process that works needs anyway is not to be counted.
        work(worker.installation)
        yield worker


def work(installation: Installation) -> None:
    room, authors = make_people(installation, *(f"writer{number}" for number in range(10)))
    with client(installation, authors[0]) as reader:
        reader.subscribe(room)
        speak(installation, room, authors)
        reader.hear_all(room, 150)


@dataclass
class Pair:
    """The sessions of Alice and Bob, and the room that they share."""

    room: str
    alice: str
    bob: str


@pytest.fixture(scope="module")
def pair(worker: Worker) -> Pair:
    room, [alice, bob] = make_people(worker.installation, "alice", "bob")
    return Pair(room, alice, bob)


@pytest.mark.parametrize("way", WAYS)
def test_people_talk_whichever_way_they_came(worker: Worker, pair: Pair, way: str):
    with worker.client(way, pair.alice) as hers, worker.client("tcp", pair.bob) as his:
        for one in (hers, his):
            one.subscribe(pair.room)

        hers.post(pair.room, "a word")
        his.post(pair.room, "and another")

        for one in (hers, his):
            assert [row["html"] for row in one.hear_all(pair.room, 2)] == [
                "<p>a word</p>",
                "<p>and another</p>",
            ]


@pytest.mark.parametrize("way", WAYS)
def test_frames_go_to_the_socket_at_once_unless_they_are_encrypted_first(
    worker: Worker, pair: Pair, way: str
):
    before = len(worker.log())

    with worker.client(way, pair.alice) as hers:
        hers.subscribe(pair.room)
        hers.post(pair.room, "at once")
        hers.hear_all(pair.room, 1)

    told = set(worker.log()[before:].split("\n")) - {""}
    assert told == ({AT_ONCE[way]} if way in AT_ONCE else set())


@pytest.mark.parametrize("way", WAYS)
def test_who_is_reset_in_mid_fan_out_harms_nobody_else(worker: Worker, pair: Pair, way: str):
    with worker.client(way, pair.alice) as hers, worker.client(way, pair.bob) as his:
        for one in (hers, his):
            one.subscribe(pair.room)
        broken = [worker.listener(way, pair.bob, pair.room) for _ in range(9)]

        # Some are gone when a message reaches them, and some while it is written to them.
        for number in range(3):
            args = {"client_id": str(uuid4()), "text": f"{way} {number}"}
            his.tell(do="message.post", topic=pair.room, args=args)
            for _ in range(3):
                broken.pop().reset()

        for one in (hers, his):
            assert [row["html"] for row in one.hear_all(pair.room, 3)] == [
                f"<p>{way} {number}</p>" for number in range(3)
            ]


@pytest.mark.parametrize("way", WAYS)
def test_who_never_reads_costs_less_than_256_kib(worker: Worker, way: str):
    names = [f"author{number}-{way}" for number in range(10)]
    room, [reader, *authors] = make_people(worker.installation, f"reader-{way}", *names)
    with ExitStack() as stack:
        stuck = [stack.enter_context(worker.listener(way, reader, room)) for _ in range(16)]
        before = worker.installation.resident_bytes()

        speak(worker.installation, room, authors)

        # Kept for them it would be 16 times 150 pages, 23 MB.
        grown = worker.installation.resident_bytes() - before
    assert grown < len(stuck) * 256 * 1024


@pytest.mark.parametrize("way", WAYS)
def test_who_pings_and_reads_no_pong_is_not_read_either(worker: Worker, pair: Pair, way: str):
    with worker.listener(way, pair.alice, pair.room) as flood:
        before = worker.installation.resident_bytes()
        # Blocked when the kernels are full, or cut for being stuck: 32 MiB do not get through.
        flood.connection.settimeout(2)
        with pytest.raises((TimeoutError, ConnectionError)):
            flood.send(*[PINGS] * 32)
        grown = worker.installation.resident_bytes() - before
    assert grown < 2 * 1024 * 1024


def test_a_drain_says_goodbye_whichever_way_people_came(
    new_installation: NewInstallation, tmp_path: Path
):
    with listening(new_installation(), tmp_path) as worker, ExitStack() as stack:
        room, [alice] = make_people(worker.installation, "alice")
        people = [stack.enter_context(worker.client(way, alice)) for way in WAYS]
        for one in people:
            one.subscribe(room)
        process = worker.installation.process
        assert process is not None

        process.send_signal(signal.SIGTERM)

        assert [one.close_code() for one in people] == [4000, 4000, 4000]
        for one in people:
            assert one.frames[-1].get("event") == "goodbye"
        assert process.wait(60) == 0
        assert "Traceback" not in worker.log()
