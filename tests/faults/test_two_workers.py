"""Two workers and a broker between them."""

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.faults.fleet import Fleet
from tests.scrapes import scrape_until
from tests.servers.valkey import Valkey
from tests.wire import Client, client

pytestmark = pytest.mark.database("sqlite")

_names = (f"pair{number}" for number in count(1))

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
class Pair:
    """Alice on the first worker and Bob on the second, in one room."""

    alice: Client
    bob: Client
    room: str
    sessions: list[str]


@pytest.fixture
def pair(fleet: Fleet) -> Iterator[Pair]:
    first, second = (worker.installation for worker in fleet.workers)
    [room], sessions = fleet.make_rooms(next(_names), people=2, rooms=1)
    with client(first, sessions[0]) as alice, client(second, sessions[1]) as bob:
        alice.subscribe(room)
        bob.subscribe(room)
        yield Pair(alice, bob, room, sessions)


def test_what_is_said_on_one_worker_is_heard_on_the_other(pair: Pair):
    pair.alice.post(pair.room, "from the first")
    pair.bob.post(pair.room, "from the second")

    for one in (pair.alice, pair.bob):
        texts = [row["html"] for row in one.hear_all(pair.room, 2)]
        assert texts == ["<p>from the first</p>", "<p>from the second</p>"]


def test_typing_crosses_over_too(pair: Pair):
    pair.alice.tell(do="typing", topic=pair.room)

    event = pair.bob.hear(lambda frame: frame.get("event") == "typing")

    assert event["data"]["person"] == pair.alice.frames[0]["data"]["person"]


def test_people_see_each_other_across_workers_and_presence_stands_still_without_the_broker(
    fleet: Fleet, broker: Valkey, pair: Pair
):
    alice, bob = (str(one.frames[0]["data"]["person"]) for one in (pair.alice, pair.bob))
    for one in (pair.alice, pair.bob):
        one.ask(do="subscribe", topics={"me": 0, "people": None})
    sees = {**people_seen_by(pair.alice, {alice, bob}), **people_seen_by(pair.bob, {alice, bob})}
    assert sees == {alice: "online", bob: "online"}

    broker.process.send_signal(signal.SIGSTOP)
    ours = fleet.workers[0].installation
    scrape_until(ours, "layer_up", 0)
    # Longer than a lease: he would be gone by now if silence counted.
    pair.alice.hear_for(17)
    broker.process.send_signal(signal.SIGCONT)
    scrape_until(ours, "layer_up", 1)
    pair.bob.ask(do="presence.set", topic="people", args={"away": True})
    pair.alice.hear(lambda frame: people_in(frame).get(bob) == "away")

    told = [people_in(frame).get(bob, "online") for frame in pair.alice.frames]
    assert None not in told


def people_in(frame: dict[str, Any]) -> dict[str, str | None]:
    """Whom a frame of presence is about."""
    if frame.get("topic") != "people":
        return {}
    people: dict[str, str | None] = frame.get("state") or frame.get("change") or {}
    return people


def people_seen_by(one: Client, wanted: set[str]) -> dict[str, str | None]:
    """Read until these are shown."""
    seen: dict[str, str | None] = {}
    for frame in one.frames:
        seen |= people_in(frame)
    while not wanted <= seen.keys():
        seen |= people_in(one.hear(lambda frame: bool(people_in(frame))))
    return {person: seen[person] for person in wanted}


def test_what_crosses_over_is_counted_and_that_nothing_does(
    fleet: Fleet, broker: Valkey, pair: Pair
):
    ours, theirs = (worker.installation for worker in fleet.workers)
    before = [scrape_until(one, "layer_up", 1) for one in (ours, theirs)]
    sent = before[0]("news_total", fate="sent") + 2
    wanted = before[1]("news_total", fate="wanted") + 2
    pair.alice.post(pair.room, "from the first")
    pair.bob.hear_all(pair.room, 1)
    pair.alice.tell(do="typing", topic=pair.room)
    pair.bob.hear(lambda frame: frame.get("event") == "typing")

    first = scrape_until(ours, "news_total", at_least=sent, fate="sent")
    second = scrape_until(theirs, "news_total", at_least=wanted, fate="wanted")
    assert min(first("round_trip_seconds_count"), second("round_trip_seconds_count")) > 0
    after = [told("changes_total", stream="room") for told in (first, second)]
    assert after == [
        before[0]("changes_total", stream="room") + 1,
        before[1]("changes_total", stream="room"),
    ]

    broker.process.send_signal(signal.SIGSTOP)
    scrape_until(ours, "layer_up", 0)
    broker.process.send_signal(signal.SIGCONT)
    scrape_until(ours, "layer_up", 1)


def test_what_a_command_says_is_heard_on_both(fleet: Fleet, pair: Pair):
    room = int(pair.room.partition(":")[2])
    hello = pair.alice.frames[0]["data"]

    fleet.manage("shell", "-c", SAY.format(person=hello["person"], room=room))

    for one in (pair.alice, pair.bob):
        [row] = one.hear_all(pair.room, 1)
        assert "said by a command" in row["html"]


def test_signing_out_on_one_worker_closes_the_sockets_on_the_other(fleet: Fleet, pair: Pair):
    fleet.manage("shell", "-c", SIGN_OUT.format(key=pair.sessions[1]))

    assert pair.bob.close_code() == 4401
    pair.alice.post(pair.room, "still here")
