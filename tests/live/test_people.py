"""The topic `people`, on two workers that hear each other."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from realtime_project.live.backplane import PeopleNews
from realtime_project.live.connection import Connection
from realtime_project.live.hub import Hub
from realtime_project.live.people import WHOLE_EVERY, People, PeopleTopic, people_key
from realtime_project.live.presence import GRACE_SECONDS, LEASE_SECONDS
from realtime_project.live.subscription import Subscription
from tests.live.clients import Wire
from tests.live.streams import ALICE, BOB, MALLORY

LOBBY, STUDIO = "room:1", "room:2"


class Layer:
    """One worker's end of a layer that can be away, or lose what is told."""

    def __init__(self) -> None:
        self.is_degraded = False
        self.loses = False
        self.others: list[Hub] = []

    def send(self, key: str, news: PeopleNews) -> None:
        for hub in self.others:
            if not self.loses and not self.is_degraded and hub.wants(key):
                hub.hear(news)


class Fleet:
    """Two workers, and a clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.layers = [Layer(), Layer()]
        self.hubs = [Hub(), Hub()]
        for number, hub in enumerate(self.hubs):
            hub.start()
            layer: Any = self.layers[number]
            hub.people = People(hub, f"worker {number}", layer)
            self.layers[1 - number].others.append(hub)
        self.dead: set[int] = set()

    def tick(self, seconds: float = 1) -> None:
        """Let so many seconds pass on the workers that live."""
        for _ in range(int(seconds)):
            self.now += 1
            for number, hub in enumerate(self.hubs):
                if number not in self.dead:
                    hub.people.tick(self.now)


class Tab:
    """A page of somebody who is connected to a worker and follows some rooms."""

    def __init__(self, fleet: Fleet, worker: int, person: int, *rooms: str) -> None:
        self.wire = Wire()
        self.hub = fleet.hubs[worker]
        self.connection = Connection(self.hub, self.wire, person, "session", "epoch")
        self.me = self._subscription("me")
        for room in rooms:
            self.hub.heads.follow(room, self.me)
        people = self._subscription("people")
        whole = partial(PeopleTopic.whole, self.hub, person)
        self.hub.watch(people_key(person), whole, people).begin(people)

    @property
    def sees(self) -> dict[str, str]:
        """Who is here, by what this page was told."""
        shown: dict[str, str] = {}
        for frame in self.wire.told:
            if "state" in frame:
                shown = dict(frame["state"])
            for person, status in frame.get("change", {}).items():
                shown.pop(person, None)
                if status is not None:
                    shown[person] = status
        return shown

    def leave(self) -> None:
        self.hub.heads.unfollow_all(self.me)
        self.connection.subscriptions.clear()
        self.hub.connections.remove(self.connection)

    def _subscription(self, topic: str) -> Subscription:
        one = Subscription(topic, self.connection.person, self.wire)
        one.is_live = True
        self.connection.subscriptions[topic] = one
        return one


@pytest.fixture
async def fleet(monkeypatch) -> Fleet:
    fleet = Fleet()
    monkeypatch.setattr("realtime_project.live.people.time.monotonic", lambda: fleet.now)
    return fleet


Arrive = Callable[..., Tab]


@pytest.fixture
def arrive(fleet: Fleet) -> Arrive:
    return partial(Tab, fleet)


async def test_people_see_those_they_share_a_room_with_on_every_worker(fleet, arrive):
    alice = arrive(0, ALICE, LOBBY)
    bob = arrive(1, BOB, LOBBY, STUDIO)
    mallory = arrive(1, MALLORY, "room:3")

    fleet.tick(2)

    assert alice.sees == bob.sees == {"1": "online", "2": "online"}
    assert mallory.sees == {"3": "online"}


async def test_who_is_away_from_every_page_is_shown_as_away(fleet, arrive):
    alice, bob, bobs_phone = arrive(0, ALICE, LOBBY), arrive(1, BOB, LOBBY), arrive(0, BOB, LOBBY)
    fleet.tick(2)

    bob.connection.set_away(True)
    fleet.tick(2)
    assert alice.sees["2"] == "online"

    bobs_phone.connection.set_away(True)
    fleet.tick(2)
    assert alice.sees["2"] == "away"

    bob.connection.set_away(False)
    fleet.tick(2)
    assert alice.sees["2"] == "online"


async def test_who_moves_to_another_worker_does_not_flicker(fleet, arrive):
    alice, bob = arrive(0, ALICE, LOBBY), arrive(0, BOB, LOBBY)
    fleet.tick(2)
    heard = len(alice.wire.told)

    bob.leave()
    fleet.tick(5)
    arrive(1, BOB, LOBBY)
    fleet.tick(2 * GRACE_SECONDS)

    assert alice.wire.told[heard:] == []


async def test_who_goes_is_gone_after_the_grace(fleet, arrive):
    alice, bob = arrive(0, ALICE, LOBBY), arrive(1, BOB, LOBBY)
    fleet.tick(2)

    bob.leave()
    fleet.tick(GRACE_SECONDS + 2)

    assert alice.sees == {"1": "online"}


async def test_who_leaves_the_room_is_out_of_sight_and_sees_nobody_there(fleet, arrive):
    alice, bob = arrive(0, ALICE, LOBBY), arrive(1, BOB, LOBBY, STUDIO)
    fleet.tick(2)

    bob.hub.heads.unfollow(LOBBY, bob.me)
    fleet.tick(2)

    assert alice.sees == {"1": "online"}
    assert bob.sees == {"2": "online"}


async def test_who_enters_a_room_sees_who_is_there(fleet, arrive):
    alice, bob = arrive(0, ALICE, LOBBY), arrive(1, BOB, STUDIO)
    fleet.tick(2)
    assert bob.sees == {"2": "online"}

    bob.hub.heads.follow(LOBBY, bob.me)
    fleet.tick(2)

    assert bob.sees == alice.sees == {"1": "online", "2": "online"}


async def test_the_people_of_a_worker_that_died_are_forgotten(fleet, arrive):
    alice = arrive(0, ALICE, LOBBY)
    arrive(1, BOB, LOBBY)
    fleet.tick(2)

    fleet.dead.add(1)
    fleet.tick(LEASE_SECONDS)
    assert "2" in alice.sees
    fleet.tick(2)

    assert alice.sees == {"1": "online"}


async def test_while_the_layer_is_away_presence_stands_still(fleet, arrive):
    alice = arrive(0, ALICE, LOBBY)
    arrive(1, BOB, LOBBY)
    fleet.tick(2)

    for layer in fleet.layers:
        layer.is_degraded = True
    fleet.tick(10 * LEASE_SECONDS)

    assert alice.sees == {"1": "online", "2": "online"}


async def test_a_change_that_was_lost_is_told_again_within_ten_seconds(fleet, arrive):
    alice = arrive(0, ALICE, LOBBY)
    fleet.tick(2)
    fleet.layers[1].loses = True
    arrive(1, BOB, LOBBY)
    fleet.tick(2)
    assert "2" not in alice.sees

    fleet.layers[1].loses = False
    fleet.tick(WHOLE_EVERY)

    assert alice.sees == {"1": "online", "2": "online"}


async def test_who_was_told_hears_nothing_when_nothing_changes(fleet, arrive):
    alice, bob = arrive(0, ALICE, LOBBY), arrive(1, BOB, LOBBY)
    fleet.tick(2)
    heard = len(alice.wire.told) + len(bob.wire.told)

    fleet.tick(60)

    assert len(alice.wire.told) + len(bob.wire.told) == heard
