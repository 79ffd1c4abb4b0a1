"""Our daphne: refusals with a status, slow and broken readers, and a drain that loses nobody."""

import signal
import socket as sockets
import struct
from contextlib import ExitStack, suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from realtime_project.live.handshake import MAX_SOCKETS_PER_PERSON
from tests.asking import get
from tests.servers.installation import Installation
from tests.servers.process import becomes, free_port
from tests.wire import client, dial, make_people, small_socket, speak

PAGE = "word " * 1900


def status_of(installation: Installation, session: str, **options: object) -> int:
    with pytest.raises(InvalidStatus) as refused:
        dial(installation, session, legacy=True, **options)
    status: int = refused.value.response.status_code
    return status


def test_a_refused_handshake_says_why(live_server_process):
    _room, [alice] = make_people(live_server_process, "alice")

    assert status_of(live_server_process, "invented") == 403
    assert status_of(live_server_process, alice, origin="http://evil.example") == 403
    assert status_of(live_server_process, alice, subprotocols=["chat"]) == 400
    with ExitStack() as stack:
        for _ in range(MAX_SOCKETS_PER_PERSON):
            stack.enter_context(client(live_server_process, alice))
        assert status_of(live_server_process, alice) == 429


def test_a_close_comes_with_its_reason(live_server_process):
    _room, [bob] = make_people(live_server_process, "bob")
    with client(live_server_process, bob) as his:
        for _ in range(60):
            his.connection.send("nonsense")

        assert his.close_code() == 4429
        assert his.connection.close_reason == "too many refused commands"


def test_who_does_not_read_costs_little_and_misses_nothing(live_server_process):
    names = [f"author{number}" for number in range(16)]
    room, [reader, *authors] = make_people(live_server_process, "reader", *names)
    speak(live_server_process, room, authors[:8])  # what a process that works needs anyway
    with ExitStack() as stack:
        slow = [
            stack.enter_context(
                client(
                    live_server_process,
                    reader,
                    sock=small_socket(live_server_process),
                    max_queue=1,
                )
            )
            for _ in range(15)
        ]
        quick = stack.enter_context(client(live_server_process, authors[0]))
        for one in (quick, *slow):
            one.subscribe(room)
        before = live_server_process.resident_bytes()
        speak(live_server_process, room, authors[8:])
        heard = quick.hear_all(room, 120)
        grown = live_server_process.resident_bytes() - before

        for one in slow:
            assert [row["seq"] for row in one.hear_all(room, 120)] == [row["seq"] for row in heard]
    # Kept for them it would have been 18 MB. What waits for each is a buffer of 64 KiB.
    assert grown < 10 * 1024 * 1024


def test_a_connection_that_is_reset_in_mid_fan_out_harms_nobody_else(live_server_process):
    room, [alice, bob, mallory] = make_people(live_server_process, "carol", "dave", "mallory")
    with ExitStack() as stack:
        readers = [stack.enter_context(client(live_server_process, bob)) for _ in range(8)]
        broken = [dial(live_server_process, mallory, legacy=True) for _ in range(8)]
        for one in readers:
            one.subscribe(room)
        for connection in broken:
            connection.send(f'{{"id": 1, "do": "subscribe", "topics": {{"{room}": null}}}}')
            connection.recv(60)
        hers = stack.enter_context(client(live_server_process, alice))
        hers.subscribe(room)
        for connection in broken:
            # A reset instead of a farewell: the next write to it fails.
            linger = struct.pack("ii", 1, 0)
            connection.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, linger)
            connection.socket.close()

        for number in range(5):
            hers.post(room, f"message {number}")

        for one in readers:
            assert [row["html"] for row in one.hear_all(room, 5)] == [
                f"<p>message {number}</p>" for number in range(5)
            ]


def test_who_floods_without_reading_is_closed_and_costs_little(live_server_process):
    _room, [flooder] = make_people(live_server_process, "flooder")
    before = live_server_process.resident_bytes()
    with client(
        live_server_process, flooder, sock=small_socket(live_server_process), max_queue=1
    ) as flood:
        frame = '{"id": 1, "do": "nothing", "topic": "me"}' + " " * 60_000
        with suppress(ConnectionClosed, OSError):
            for _ in range(1000):
                flood.connection.send(frame)

        assert flood.close_code() in (4429, 1006)
    # 60 MB were sent.
    assert live_server_process.resident_bytes() - before < 8 * 1024 * 1024


@pytest.mark.parametrize("count", [1, 30])
def test_a_drain_says_goodbye_to_everybody(fresh_server_process, count: int):
    room, sessions = make_people(fresh_server_process, *(f"person{n}" for n in range(count)))
    process = fresh_server_process.process
    with ExitStack() as stack:
        clients = [stack.enter_context(client(fresh_server_process, key)) for key in sessions]
        for one in clients:
            one.subscribe(room)

        process.send_signal(signal.SIGTERM)

        assert {one.close_code() for one in clients} == {4000}
        for one in clients:
            assert one.frames[-1].get("event") == "goodbye", one.frames[-3:]
    assert process.wait(60) == 0


def test_a_balancer_that_asks_now_and_then_is_given_time_to_see_it(new_installation):
    with new_installation().served("--drain-wait", "60") as served:
        served.process.send_signal(signal.SIGTERM)

        assert becomes(lambda: get(served.port, "/readyz").status == 503)
        assert get(served.port, "/accounts/login/").status == 200
        # The rest of the time needs no witness.
        served.process.kill()


def test_who_comes_through_a_balancer_that_says_whom_it_forwards_is_served(new_installation):
    port = free_port()
    endpoint = f"haproxy:tcp:port={port}:interface=127.0.0.1"
    with new_installation().served("--endpoint", endpoint) as installation:
        room, [alice] = make_people(installation, "alice")
        with sockets.create_connection(("127.0.0.1", port), timeout=60) as forwarded:
            forwarded.sendall(b"PROXY TCP4 192.0.2.1 192.0.2.2 40000 80\r\n")
            with client(installation, alice, sock=forwarded) as hers:
                hers.subscribe(room)
                assert "ok" in hers.post(room, "through the balancer")
