"""Clients that do not read, or do not stop: they cost the worker little, and others nothing."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from websockets.exceptions import ConnectionClosed

from tests.faults.fleet import Fleet
from tests.faults.herd import client_frame, handshake
from tests.servers.installation import Installation
from tests.wire import SECONDS, Client, client, small_socket

pytestmark = pytest.mark.database("sqlite")

MAX_BYTES = 256 * 1024
STUCK = 20
POSTS = 15
TEXT = "x" * 9_000


@pytest.fixture
def worker(fleet: Fleet) -> Installation:
    return fleet.workers[0].installation


@contextmanager
def never_reading(worker: Installation, session: str, topics: list[str]) -> Iterator[socket.socket]:
    """A socket that subscribed, and reads nothing from then on."""
    with small_socket(worker) as one:
        one.settimeout(SECONDS)
        one.sendall(handshake(worker, session))
        read_until(one, b'"hello"')
        subscribe = {"id": 1, "do": "subscribe", "topics": dict.fromkeys(topics, 0)}
        one.sendall(client_frame(json.dumps(subscribe).encode()))
        read_until(one, b'{"re":1,"ok":')
        yield one


def read_until(one: socket.socket, end: bytes) -> None:
    told = b""
    while end not in told:
        told += one.recv(4096)


def say_much(speakers: list[Client], room: str) -> None:
    """Say half a megabyte, as fast as people may; every speaker hears all of it."""
    for _ in range(POSTS):
        for speaker in speakers:
            assert "ok" in speaker.post(room, TEXT)
    for speaker in speakers:
        speaker.hear_all(room, POSTS * len(speakers))


@pytest.mark.parametrize("keeps_sending", [False, True])
def test_who_never_reads_costs_little(fleet: Fleet, worker: Installation, keeps_sending: bool):
    [room], sessions = fleet.make_rooms(f"stuck{keeps_sending}", people=6, rooms=1)
    with ExitStack() as stack:
        everybody = [stack.enter_context(client(worker, session)) for session in sessions[1:]]
        for one in everybody:
            one.subscribe(room, 0)
        # The worker keeps what was said last; that is there before it is measured.
        first, *speakers = everybody
        say_much([first], room)
        before = fleet.workers[0].rss
        stuck = [
            stack.enter_context(never_reading(worker, sessions[0], [room])) for _ in range(STUCK)
        ]
        say_much(speakers, room)
        if keeps_sending:
            for sending in stuck:
                send_what_is_taken(sending)
        grown = fleet.workers[0].rss - before
        print(f"{STUCK} who never read: {grown / STUCK / 1024:.0f} KiB each")  # noqa: T201
        assert grown < STUCK * MAX_BYTES


def send_what_is_taken(one: socket.socket) -> None:
    """Send commands until nobody takes them, at most 16 MiB."""
    frame = client_frame(json.dumps({"do": "typing", "topic": "x" * 60, "args": {}}).encode())
    one.settimeout(0.1)
    for _ in range(256):
        try:
            one.sendall(frame * (64 * 1024 // len(frame)))
        except OSError:
            return


def test_who_floods_is_put_out_and_nobody_else_notices(fleet: Fleet, worker: Installation):
    [room], [mallory, alice, bob] = fleet.make_rooms("flood", people=3, rooms=1)
    before = fleet.workers[0].rss
    with client(worker, alice) as hers, client(worker, bob) as his, client(worker, mallory) as bad:
        for one in (hers, his):
            one.subscribe(room, 0)
        with suppress(ConnectionClosed):
            for _ in range(20_000):
                bad.tell(do="subscribe", topics={room: 0})
        for number in range(10):
            assert "ok" in hers.post(room, f"number {number}")
        assert len(his.hear_all(room, 10)) == 10
        # Who goes on sending into a connection that is cut may miss the word that went before.
        assert bad.close_code() in (4429, 1006)
    assert fleet.workers[0].rss - before < 16 * 1024 * 1024
