"""Streams lose nothing; series and snapshots care for the latest."""

from collections.abc import Iterable, Sequence
from typing import Any

import pytest

from realtime_project.live import routes, subscribing
from realtime_project.live.changes import Change
from realtime_project.live.connection import Connection
from realtime_project.live.cursor import Want
from realtime_project.live.hub import Hub
from realtime_project.live.topics import Access, Params, SeriesTopic, SnapshotTopic
from tests.live.clients import Wire
from tests.live.rows import message, parse
from tests.live.streams import ALICE

# The rights are asked for in a thread of the database, which tidies its connection afterwards.
pytestmark = pytest.mark.django_db(transaction=True)


class Weather(SnapshotTopic):
    """Something that is always as it is now."""

    now = b'["sun"]'

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return "weather"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(rev=0))

    @classmethod
    def whole(cls, hub: Hub, person: int) -> bytes:
        return cls.now


class Ticks(SeriesTopic):
    """Frames that are numbered by their second."""

    newest = 0

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return "ticks"

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(rev=cls.newest))

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        return {
            want: Change(want.key, want.after, cls.newest, tuple(ticks(want.after, cls.newest)))
            for want in wants
        }


def ticks(after: int, until: int):
    return [message(second, second) for second in range(after + 1, until + 1)]


@pytest.fixture
async def hub(monkeypatch) -> Hub:
    table = [routes.topic("weather", Weather), routes.topic("ticks", Ticks)]
    monkeypatch.setattr(routes, "routes", lambda: table)
    one = Hub()
    one.start()
    return one


@pytest.fixture
async def wire() -> Wire:
    return Wire()


@pytest.fixture
async def alice(hub: Hub, wire: Wire) -> Connection:
    return Connection(hub, wire, ALICE, "session", "epoch")


def told(wire: Wire, topic: str) -> list[dict[str, Any]]:
    frames = [parse(frame) for frame in wire.frames]
    return [frame for frame in frames if frame.get("topic") == topic]


async def test_a_snapshot_is_told_whole_and_then_by_its_differences(hub, alice, wire):
    Weather.now = b'["sun"]'
    await subscribing.subscribe(alice, 1, {"weather": None})

    Weather.now = b'["sun","wind"]'
    hub.show("weather", b'"+wind"')

    assert told(wire, "weather") == [
        {"topic": "weather", "version": 0, "state": ["sun"]},
        {"topic": "weather", "version": 1, "change": "+wind"},
    ]


async def test_who_could_not_take_a_difference_gets_all_of_it(hub, alice, wire):
    Weather.now = b'["sun"]'
    await subscribing.subscribe(alice, 1, {"weather": None})
    wire.is_congested = True
    Weather.now = b'["sun","wind"]'
    hub.show("weather", b'"+wind"')
    Weather.now = b'["wind"]'
    hub.show("weather", b'"-sun"')

    wire.drain()

    assert told(wire, "weather")[1:] == [{"topic": "weather", "version": 2, "state": ["wind"]}]


async def test_all_of_it_can_be_told_anew(hub, alice, wire):
    Weather.now = b'["sun"]'
    await subscribing.subscribe(alice, 1, {"weather": None})

    Weather.now = b'["wind"]'
    hub.show_whole("weather")

    assert told(wire, "weather")[-1] == {"topic": "weather", "version": 1, "state": ["wind"]}


async def test_who_leaves_a_snapshot_hears_nothing_of_it(hub, alice, wire):
    Weather.now = b'["sun"]'
    await subscribing.subscribe(alice, 1, {"weather": None})
    alice.leave("weather")

    Weather.now = b'["sun","wind"]'
    hub.show("weather", b'"+wind"')

    assert len(told(wire, "weather")) == 1


async def test_a_series_goes_on_from_its_last_frame(hub, alice, wire, monkeypatch):
    monkeypatch.setattr(Ticks, "newest", 110)

    await subscribing.subscribe(alice, 1, {"ticks": 100})
    hub.deliver(Change("ticks", 110, 111, tuple(ticks(110, 111))))

    rows = [row["rev"] for frame in told(wire, "ticks") for row in frame["rows"]]
    assert rows == list(range(101, 112))


async def test_who_is_far_behind_in_a_series_loads_it_instead_of_getting_every_frame(
    hub, alice, wire, monkeypatch
):
    monkeypatch.setattr(Ticks, "newest", 100)
    await subscribing.subscribe(alice, 1, {"ticks": 100})
    wire.is_congested = True
    for second in range(101, 100 + Ticks.max_replay_rows + 3):
        hub.deliver(Change("ticks", second - 1, second, tuple(ticks(second - 1, second))))

    wire.drain()

    assert told(wire, "ticks")[-1] == {"topic": "ticks", "reset": True, "rev": second}
