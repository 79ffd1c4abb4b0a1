"""Two workers and a broker between them, which may die."""

import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.conftest import NewInstallation
from tests.scrapes import scrape_until
from tests.servers.installation import Installation
from tests.servers.requirements import required
from tests.servers.valkey import Valkey, serve_valkey
from tests.wire import Client, client, make_people

SIGN_OUT = """
from importlib import import_module
from django.conf import settings
import_module(settings.SESSION_ENGINE).SessionStore("{key}").flush()
"""

SAY = """
from uuid import uuid4
from chat import services
services.post_message(
    person={person}, room={room}, client_id=uuid4(), text="said by a command"
)
"""


@dataclass
class Fleet:
    """Two workers of one installation, and their broker."""

    first: Installation
    second: Installation
    broker: Valkey


@pytest.fixture
def fleet(new_installation: NewInstallation) -> Iterator[Fleet]:
    with required(), serve_valkey() as broker, ExitStack() as stack:
        first = new_installation()
        first.settings["REDIS_URL"] = broker.url
        second = Installation(first.var, first.database_url, settings=dict(first.settings))
        second.log_name = "second.log"
        for one in (first, second):
            stack.enter_context(one.served())
        yield Fleet(first, second, broker)


@dataclass
class Pair:
    """Alice on the first worker and Bob on the second, in one room."""

    alice: Client
    bob: Client
    room: str
    sessions: list[str]


@pytest.fixture
def pair(fleet: Fleet) -> Iterator[Pair]:
    room, sessions = make_people(fleet.first, "alice", "bob")
    with client(fleet.first, sessions[0]) as alice, client(fleet.second, sessions[1]) as bob:
        alice.subscribe(room)
        bob.subscribe(room)
        yield Pair(alice, bob, room, sessions)


def until_logged(fleet: Fleet, text: str) -> None:
    """Wait until both workers have said something."""
    deadline = time.monotonic() + 30
    while not all(text in one.log.read_text() for one in (fleet.first, fleet.second)):
        assert time.monotonic() < deadline, f"nobody said {text!r}"
        time.sleep(0.05)


def test_what_is_said_on_one_worker_is_heard_on_the_other(pair: Pair):
    pair.alice.post(pair.room, "from the first")
    pair.bob.post(pair.room, "from the second")

    for one in (pair.alice, pair.bob):
        texts = [row["html"] for row in one.hear_all(pair.room, 2)]
        assert texts == ["<p>from the first</p>", "<p>from the second</p>"]


def test_typing_crosses_over_too(pair: Pair):
    pair.alice.tell(do="typing", topic=pair.room)

    event = pair.bob.hear(lambda frame: frame.get("event") == "typing")

    assert event["data"]["name"] == "Alice"


def test_what_crosses_over_is_counted_and_that_nothing_does(fleet: Fleet, pair: Pair):
    pair.alice.post(pair.room, "from the first")
    pair.bob.hear_all(pair.room, 1)
    pair.alice.tell(do="typing", topic=pair.room)
    pair.bob.hear(lambda frame: frame.get("event") == "typing")

    first = scrape_until(fleet.first, "news_total", at_least=2, fate="sent")
    second = scrape_until(fleet.second, "news_total", at_least=2, fate="wanted")
    assert second("news_total", fate="heard") >= 2
    assert first("layer_up") == second("layer_up") == 1
    assert min(first("round_trip_seconds_count"), second("round_trip_seconds_count")) > 0
    assert (first("changes_total", stream="room"), second("changes_total", stream="room")) == (1, 0)

    fleet.broker.process.send_signal(signal.SIGSTOP)
    scrape_until(fleet.first, "layer_up", 0)
    fleet.broker.process.send_signal(signal.SIGCONT)
    scrape_until(fleet.first, "layer_up", 1)


def test_what_a_command_says_is_heard_on_both(fleet: Fleet, pair: Pair):
    room = int(pair.room.partition(":")[2])
    hello = pair.alice.frames[0]["data"]

    fleet.first.manage("shell", "-c", SAY.format(person=hello["person"], room=room))

    for one in (pair.alice, pair.bob):
        [row] = one.hear_all(pair.room, 1)
        assert "said by a command" in row["html"]


def test_signing_out_on_one_worker_closes_the_sockets_on_the_other(fleet: Fleet, pair: Pair):
    fleet.first.manage("shell", "-c", SIGN_OUT.format(key=pair.sessions[1]))

    assert pair.bob.close_code() == 4401
    pair.alice.post(pair.room, "still here")


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
def test_without_the_broker_everything_arrives_and_nobody_is_cut_off(
    fleet: Fleet, pair: Pair, fault: signal.Signals
):
    pair.alice.post(pair.room, "before")
    fleet.broker.process.send_signal(fault)
    for number in range(5):
        assert "ok" in pair.alice.post(pair.room, f"alice {number}")
        assert "ok" in pair.bob.post(pair.room, f"bob {number}")

    heard = [one.hear_all(pair.room, 11) for one in (pair.alice, pair.bob)]

    assert [row["seq"] for row in heard[0]] == [row["seq"] for row in heard[1]]
    seqs = [row["seq"] for row in heard[0]]
    assert seqs == sorted(set(seqs))
    fleet.broker.process.send_signal(signal.SIGCONT)


def test_who_signs_out_while_the_broker_is_away_is_closed_everywhere(fleet: Fleet, pair: Pair):
    fleet.broker.process.send_signal(signal.SIGKILL)

    fleet.first.manage("shell", "-c", SIGN_OUT.format(key=pair.sessions[1]))

    assert pair.bob.close_code() == 4401


def test_a_broker_that_was_killed_and_starts_empty_is_used_again(fleet: Fleet, pair: Pair):
    fleet.broker.process.kill()
    fleet.broker.process.wait()
    until_logged(fleet, "The channel layer is away")

    with serve_valkey(fleet.broker.port):
        until_logged(fleet, "The channel layer is back")

        pair.alice.tell(do="typing", topic=pair.room)
        pair.bob.hear(lambda frame: frame.get("event") == "typing")
        pair.bob.post(pair.room, "and still in order")
        assert len(pair.alice.hear_all(pair.room, 1)) == 1


def test_when_the_broker_is_back_the_workers_use_it_again(fleet: Fleet, pair: Pair):
    broker = fleet.broker.process
    broker.send_signal(signal.SIGSTOP)
    pair.alice.post(pair.room, "while it was away")
    pair.bob.hear_all(pair.room, 1)
    until_logged(fleet, "The channel layer is away")

    broker.send_signal(signal.SIGCONT)
    until_logged(fleet, "The channel layer is back")

    # By the broker alone: what is volatile is in no database.
    pair.alice.tell(do="typing", topic=pair.room)
    pair.bob.hear(lambda frame: frame.get("event") == "typing")
