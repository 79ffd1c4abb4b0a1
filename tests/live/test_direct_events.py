"""What becomes of a reader of events that does not even take its goodbye."""

from typing import Any

import pytest
from twisted.web.http import Request
from twisted.web.test.requesthelper import DummyChannel

from realtime_project.live import metrics
from realtime_project.live.codes import CloseCode
from realtime_project.live.direct_events import DirectEvents
from tests.live import kernel

pytestmark = pytest.mark.asyncio


class Connection(DummyChannel.TCP):
    """Keeps what is written for somebody who reads none of it."""

    connected = True
    is_aborted = False

    def __init__(self) -> None:
        super().__init__()
        self.transport = kernel.Connection()

    def abortConnection(self) -> None:
        self.is_aborted = True


def events_over(connection: Connection) -> DirectEvents:
    """The events that answer a request over this connection."""
    channel: Any = DummyChannel()
    channel.transport = connection
    events = DirectEvents(Request(channel, False))
    events.begin()
    return events


@pytest.mark.parametrize("is_connected", [True, False], ids=["still there", "gone"])
async def test_who_is_told_goodbye_and_stays_is_cut_off(is_connected: bool):
    connection = Connection()
    events = events_over(connection)
    cut_off = metrics.slow_readers.by["cut_off"]

    events.close(CloseCode.RESTART, "the server goes")
    connection.connected = is_connected
    events._cut_off()

    assert connection.is_aborted == is_connected
    assert metrics.slow_readers.by["cut_off"] - cut_off == is_connected
