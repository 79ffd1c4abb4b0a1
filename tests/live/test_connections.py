"""Who is connected to a process, by session and by person."""

import pytest

from realtime_project.live.codes import CloseCode
from realtime_project.live.connection import Connection
from realtime_project.live.hub import Hub
from tests.live.clients import Wire
from tests.live.streams import ALICE, BOB


@pytest.fixture
def hub() -> Hub:
    return Hub()


def connect(hub: Hub, person: int, session: str) -> Connection:
    return Connection(hub, Wire(), person, session, "epoch")


def test_closing_a_session_leaves_the_persons_other_sessions_open(hub):
    laptop, tab = connect(hub, ALICE, "laptop"), connect(hub, ALICE, "laptop")
    phone, bobs = connect(hub, ALICE, "phone"), connect(hub, BOB, "his")

    assert hub.connections.close_session("laptop", CloseCode.SIGNED_OUT, "signed out") == 2

    assert not laptop.is_open
    assert not tab.is_open
    assert set(hub.connections) == {phone, bobs}


def test_closing_a_person_leaves_the_others_open(hub):
    connect(hub, ALICE, "laptop")
    connect(hub, ALICE, "phone")
    bobs = connect(hub, BOB, "his")

    assert hub.connections.close_person(ALICE, CloseCode.DEACTIVATED, "deactivated") == 2

    assert list(hub.connections) == [bobs]
    assert set(hub.connections.people) == {BOB}


def test_who_came_or_went_is_noted_once(hub):
    one = connect(hub, ALICE, "laptop")
    connect(hub, BOB, "his")
    assert hub.connections.take_touched() == {ALICE, BOB}
    assert hub.connections.take_touched() == set()

    one.end()

    assert hub.connections.take_touched() == {ALICE}


def test_closing_nobody_closes_nothing(hub):
    bobs = connect(hub, BOB, "his")

    assert hub.connections.close_session("unknown", CloseCode.SIGNED_OUT, "signed out") == 0
    assert hub.connections.close_person(ALICE, CloseCode.SIGNED_OUT, "signed out") == 0

    assert bobs.is_open
