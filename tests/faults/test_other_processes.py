"""What other processes change reaches the sockets of the only one that serves, without a broker."""

import socket
import stat
from collections.abc import Iterator

import pytest

from tests.servers.installation import Installation
from tests.wire import Client, client, make_people

SAY = """
from uuid import uuid4
from chat import services
for number in range(5):
    services.post_message(
        person={person}, room={room}, client_id=uuid4(), text=f"said by a command {{number}}"
    )
"""

TYPE = """
from realtime_project.live.backplane import EventNews, send_from_outside
news = EventNews("{room}", "typing", b'{{"person":1,"name":"A command"}}')
send_from_outside([("{room}", news)])
"""

SIGN_OUT = """
from importlib import import_module
from django.conf import settings
import_module(settings.SESSION_ENGINE).SessionStore("{key}").flush()
"""


@pytest.fixture(scope="module")
def served(live_server_process: Installation) -> Installation:
    return live_server_process


@pytest.fixture(scope="module")
def people(served: Installation) -> tuple[str, list[str]]:
    return make_people(served, "alice", "bob")


@pytest.fixture
def alice(served: Installation, people: tuple[str, list[str]]) -> Iterator[Client]:
    room, [session, _] = people
    with client(served, session) as alice:
        alice.subscribe(room)
        yield alice


def test_what_a_command_says_is_heard(served, people, alice):
    served.manage("shell", "-c", saying(people, alice))

    rows = alice.hear_all(people[0], 5)

    assert [row["html"] for row in rows] == [
        f"<p>said by a command {number}</p>" for number in range(5)
    ]


def test_what_is_in_no_database_arrives_by_the_doorbell_alone(served, people, alice):
    served.manage("shell", "-c", TYPE.format(room=people[0]))

    event = alice.hear(lambda frame: frame.get("event") == "typing")

    assert event["data"]["name"] == "A command"


def test_rubbish_at_the_doorbell_changes_nothing(served, people, alice):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as mallory:
        mallory.settimeout(60)
        for rubbish in (b"", b"\xff" * 100_000, b"{}", b"\x93\xa6change\x01\x02"):
            mallory.sendto(rubbish, str(served.var / "doorbell"))

    alice.post(people[0], "still here")

    [row] = alice.hear_all(people[0], 1)
    assert "still here" in row["html"]


def test_nobody_else_may_ring(served, alice):
    assert stat.S_IMODE((served.var / "doorbell").stat().st_mode) == 0o600


def test_what_the_doorbell_did_not_tell_is_found_in_the_database(served, people, alice):
    (served.var / "doorbell").rename(served.var / "doorbell.away")

    served.manage("shell", "-c", saying(people, alice))

    assert len(alice.hear_all(people[0], 5)) == 5
    (served.var / "doorbell.away").rename(served.var / "doorbell")


def test_a_sign_out_by_a_command_closes_the_sockets_of_that_session(served, people, alice):
    with client(served, people[1][1]) as bob:
        served.manage("shell", "-c", SIGN_OUT.format(key=people[1][1]))

        assert bob.close_code() == 4401
    assert "ok" in alice.post(people[0], "Bob is gone")


def saying(people: tuple[str, list[str]], author: Client) -> str:
    room = int(people[0].partition(":")[2])
    return SAY.format(person=author.frames[0]["data"]["person"], room=room)
