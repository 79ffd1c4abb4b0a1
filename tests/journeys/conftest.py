"""Fixtures of the journeys: the stage they play on."""

from collections.abc import Iterator

import pytest

from tests.journeys.board_page import make_staff
from tests.journeys.measures import measure
from tests.journeys.stage import Stage, Troupe, gather
from tests.servers.chromium import Visitors
from tests.servers.installation import Installation
from tests.servers.proxy import Proxy, proxy_to


@pytest.fixture(scope="module")
def troupe(live_server_process: Installation) -> Troupe:
    """Alice, Bob and Mallory, who have accounts on the server of the file."""
    return gather(live_server_process, "alice", "bob", "mallory")


@pytest.fixture(scope="module")
def measured(live_server_process: Installation, troupe: Troupe) -> Installation:
    """A quarter of an hour of three workers' latency; Alice runs the place."""
    make_staff(live_server_process, "alice")
    measure(live_server_process, "latency")
    return live_server_process


@pytest.fixture
def stage(troupe: Troupe, visitors: Visitors) -> Stage:
    """Makes rooms, and lets people enter them in browsers of their own."""
    return Stage(troupe, visitors)


@pytest.fixture
def proxy(live_server_process: Installation) -> Iterator[Proxy]:
    """A way to the server of the file whose WebSockets can be cut and held up."""
    with proxy_to(live_server_process.port) as proxy:
        yield proxy
