"""The table of topics: which names there are, and who answers for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live import routes
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.routes import resolve, topic
from realtime_project.live.topics import TopicConsumer


class Person(TopicConsumer):
    """`me`."""


class Room(TopicConsumer):
    """A room by its number."""


class Board(TopicConsumer):
    """A board by its name."""


class Panel(TopicConsumer):
    """One panel of a board."""


TABLE = [
    topic("me", Person),
    topic("room:<int:room>", Room),
    topic("board:<slug:board>", Board),
    topic("board:<slug:board>:<int:panel>", Panel),
]


@pytest.fixture(autouse=True)
def table(monkeypatch):
    monkeypatch.setattr(routes, "routes", lambda: TABLE)


@pytest.mark.parametrize(
    ("name", "consumer", "params"),
    [
        ("me", Person, {}),
        ("room:7", Room, {"room": 7}),
        ("room:999999999999999999", Room, {"room": 999_999_999_999_999_999}),
        ("board:it-load_2", Board, {"board": "it-load_2"}),
        ("board:load:3", Panel, {"board": "load", "panel": 3}),
    ],
)
def test_a_name_finds_its_consumer_and_parameters(name, consumer, params):
    assert resolve(name) == (consumer, params)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "you",
        "me ",
        "me\n",
        "ME",
        "room",
        "room:",
        "room:0",
        "room:07",
        "room:-7",
        "room:7.0",
        "room:7\n",
        "room:٧",
        "room:1000000000000000000",
        "room:7:8",
        "xroom:7",
        "board:Load",
        "board:a b",
        "board:" + "a" * 61,
        "room:7\x00",
    ],
)
def test_a_name_that_is_not_in_the_table_is_unknown(name):
    with pytest.raises(LiveError) as refused:
        resolve(name)

    assert refused.value.code is ErrorCode.UNKNOWN


@given(st.integers(1, 10**18 - 1))
def test_a_room_has_one_name_only(number):
    route = TABLE[1]

    assert route.match(f"room:{number}") == {"room": number}
    assert route.match(f"room:0{number}") is None
    assert route.match(f"room:+{number}") is None


@given(st.text())
def test_no_text_at_all_upsets_the_table(name):
    found = [route.consumer for route in TABLE if route.match(name) is not None]

    assert len(found) <= 1
