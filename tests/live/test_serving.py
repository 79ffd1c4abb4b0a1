"""A real server process, spoken to over a real socket: ours, plain daphne, and runserver."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from realtime_project.live.protocol import MAX_FRAME_BYTES, SUBPROTOCOL
from tests.servers.installation import MANAGE, ROOT, Installation
from tests.servers.process import running

MAKE_ALICE = """
from tests.cast import make_person, make_room, sign_in
alice = make_person("alice")
print(sign_in(alice), make_room(alice).key)
"""


def make_alice(installation: Installation) -> tuple[str, str]:
    """Return a session of Alice's and the topic of her room."""
    session, room = installation.manage("shell", "--verbosity=0", "-c", MAKE_ALICE).split()
    return session, room


@contextmanager
def socket(installation: Installation, session: str) -> Iterator[ClientConnection]:
    with connect(
        f"ws://127.0.0.1:{installation.port}/ws/",
        origin=installation.url,  # type: ignore[arg-type]
        subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        additional_headers={"Cookie": f"sessionid={session}"},
    ) as connection:
        assert json.loads(connection.recv(5))["event"] == "hello"
        yield connection


def say(connection: ClientConnection, room: str, text: str) -> None:
    args = {"client_id": str(uuid4()), "text": text}
    frame = {"id": 2, "do": "message.post", "topic": room, "args": args}
    connection.send(json.dumps(frame))


def hears(connection: ClientConnection, text: str) -> bool:
    return any(text in str(connection.recv(5)) for _ in range(10))


def talks(installation: Installation) -> bool:
    session, room = make_alice(installation)
    with socket(installation, session) as hers, socket(installation, session) as her_phone:
        her_phone.send(json.dumps({"id": 1, "do": "subscribe", "topics": {room: None}}))
        assert hears(her_phone, '"reset":true')
        hers.send(json.dumps({"id": 1, "do": "subscribe", "topics": {room: None}}))
        say(hers, room, "over the wire")
        return hears(her_phone, "over the wire")


@pytest.fixture
def installation(new_installation) -> Installation:
    installed: Installation = new_installation()
    return installed


def test_our_server_carries_a_message_from_socket_to_socket(fresh_server_process):
    assert talks(fresh_server_process)


@pytest.mark.parametrize("name", ["daphne", "runserver"])
def test_other_servers_carry_it_too(installation: Installation, name: str):
    daphne = [sys.executable, "-m", "daphne", "-p", str(installation.port)]
    commands = {
        "daphne": [*daphne, "realtime_project.asgi:application"],
        "runserver": [*MANAGE, "runserver", "--noreload", str(installation.port)],
    }
    environment = installation.environment() | {"DEBUG": "1", "PYTHONPATH": str(ROOT)}

    with running(
        commands[name], log=installation.log, is_ready=installation.answers, env=environment
    ):
        assert talks(installation)


def test_a_second_process_on_the_same_folder_is_refused_in_a_sentence(fresh_server_process):
    with pytest.raises(AssertionError, match="Another process already serves the installation"):
        fresh_server_process.manage("serve", "--port", "0")


def test_a_port_that_is_taken_is_said(fresh_server_process, installation: Installation):
    with pytest.raises(AssertionError, match="Couldn't listen"):
        installation.manage("serve", "--port", str(fresh_server_process.port))


def test_a_frame_of_64_kib_is_heard_and_one_more_byte_closes(fresh_server_process):
    session, _room = make_alice(fresh_server_process)
    with socket(fresh_server_process, session) as hers:
        hers.send("x" * MAX_FRAME_BYTES)
        assert '"bad_request"' in str(hers.recv(5))

        hers.send("x" * (MAX_FRAME_BYTES + 1))
        with pytest.raises(ConnectionClosed):
            hears(hers, "nothing of it")
        assert hers.close_code == 1009


def test_a_stranger_gets_no_socket(fresh_server_process):
    with (
        pytest.raises(InvalidStatus, match="403"),
        connect(
            f"ws://127.0.0.1:{fresh_server_process.port}/ws/",
            origin=fresh_server_process.url,  # type: ignore[arg-type]
            subprotocols=[SUBPROTOCOL],  # type: ignore[list-item]
        ),
    ):
        pass


def test_pages_come_with_a_strict_policy_and_hashed_files(fresh_server_process):
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", fresh_server_process.port, timeout=5)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
    connection.close()

    assert "unsafe" not in policy
    assert "'strict-dynamic'" in policy
    assert "/static/css/tokens." in page
    assert "tokens.css" not in page
