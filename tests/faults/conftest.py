"""Fleets to break, and the people who talk on them meanwhile."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count

import pytest

from tests.conftest import NewInstallation
from tests.faults.crowd import Crowd
from tests.faults.fleet import Fleet
from tests.faults.scale import LONG, SHORT, Scale
from tests.servers.requirements import required
from tests.servers.valkey import Valkey, serve_valkey

Gather = Callable[..., AbstractContextManager[Crowd]]
_prefixes = (f"crowd{number}" for number in count(1))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    seconds = 900 if config.getoption("long") else 600
    for item in items:
        if "tests/faults/" in item.nodeid:
            item.add_marker(pytest.mark.timeout(seconds))


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    return LONG if request.config.getoption("long") else SHORT


@pytest.fixture(scope="module")
def broker() -> Iterator[Valkey]:
    with required(), serve_valkey() as server:
        yield server


@pytest.fixture(scope="module")
def fleet(new_installation: NewInstallation, broker: Valkey) -> Iterator[Fleet]:
    """Two workers, shared by the tests of a file: each leaves it as it was."""
    with Fleet(new_installation(), 2, {"REDIS_URL": broker.url}).served() as fleet:
        yield fleet


@pytest.fixture
def gather(scale: Scale) -> Gather:
    """Gathers a crowd of people who are new, in rooms of their own."""

    @contextmanager
    def gathering(fleet: Fleet, rooms: int = 1) -> Iterator[Crowd]:
        topics, sessions = fleet.make_rooms(next(_prefixes), people=scale.people, rooms=rooms)
        with Crowd(fleet, scale, topics, sessions).here() as crowd:
            yield crowd

    return gathering
