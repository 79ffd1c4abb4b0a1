"""What is measured survives whoever measures, keeps and carries it."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.conftest import installations_on_postgres
from tests.faults.fleet import Fleet, Service
from tests.faults.inbox import JobsProcess
from tests.faults.measured import Measured, until
from tests.faults.scale import Scale
from tests.scrapes import scrape
from tests.servers.postgres import Postgres, prepared_postgres
from tests.servers.process import free_port
from tests.servers.requirements import required
from tests.servers.valkey import Valkey, serve_valkey

pytestmark = pytest.mark.database("postgres", only=True)

# A process of a machine that has too much to do may miss a second; it must not miss many.
PUNCTUAL = 0.6


@dataclass
class Site:
    """Two workers, a broker and a database, all of which can be ended."""

    fleet: Fleet
    database: Service[Postgres]
    broker: Service[Valkey]
    measured: Measured

    def until_both_have_stored(self, count: int) -> None:
        """Wait until each worker has stored so many seconds more."""
        before = [len(self.measured.seconds_of(one)) for one in (0, 1)]
        for one in (0, 1):
            until(
                lambda one=one: len(self.measured.seconds_of(one)) >= before[one] + count,  # type: ignore[misc]
                "a worker does not report",
            )

    def heard(self, worker: int, fate: str) -> float:
        installation = self.fleet.workers[worker].installation
        return scrape(installation)("canaries_total", fate=fate)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    port = free_port()
    broker = Service(lambda: serve_valkey(port))
    with required(), prepared_postgres() as postgres:
        database = Service(postgres.served)
        database.start()
        broker.start()
        first = installations_on_postgres(tmp_path_factory.mktemp("measured"), postgres)()
        fleet = Fleet(first, 2, {"REDIS_URL": f"redis://127.0.0.1:{port}/0"})
        measured = Measured(fleet)
        measured.make_clock()
        with fleet.served():
            yield Site(fleet, database, broker, measured)
        broker.end()
        database.end()


@pytest.fixture
def jobs(site: Site) -> Iterator[list[JobsProcess]]:
    """Two processes that do jobs, of which one leads."""
    with ExitStack() as stack:
        yield [stack.enter_context(JobsProcess(site.fleet).here()) for _ in range(2)]


def is_without_holes(seconds: list[int]) -> bool:
    """Whether hardly a second is missing, and none is there twice or out of its turn."""
    is_in_order = all(a < b for a, b in pairwise(seconds))
    return is_in_order and len(seconds) >= PUNCTUAL * (seconds[-1] - seconds[0] + 1)


def test_when_the_leader_is_killed_another_goes_on_and_nothing_is_missing(
    site: Site, jobs: list[JobsProcess]
):
    until(lambda: site.measured.rolled_up, "nobody rolls up")
    leader = site.measured.leader
    [its] = [one for one in jobs if one.pid == leader]

    rev = site.measured.reported
    its.kill()

    until(lambda: site.measured.rolled_up > rev, "nobody goes on rolling up")
    assert site.measured.leader == next(one.pid for one in jobs if one is not its)
    for one in jobs:
        one.end()
    assert site.measured.tiers_that_differ() == []


def test_a_worker_that_is_killed_leaves_what_it_stored_and_comes_back_as_itself(site: Site):
    site.until_both_have_stored(2)
    killed, other = site.fleet.workers
    stored = site.measured.seconds_of(0)
    places = site.measured.places_of("signalbox_people")

    killed.kill()
    killed.replace()
    site.until_both_have_stored(2)

    assert len(stored) >= 2
    assert site.measured.places_of("signalbox_people") == places
    assert is_without_holes(site.measured.seconds_of(1))
    assert other.is_up


def test_without_a_layer_every_second_is_read_and_known_to_have_been_missing(site: Site):
    until(lambda: site.heard(1, "announced") > 2, "it hears of nothing")

    site.broker.end()
    before = site.heard(1, "read")
    until(lambda: site.heard(1, "read") > before + 3, "nothing is read")
    site.broker.start()
    before = site.heard(1, "announced")

    # Its own are announced within the process all the while: those of the other one come too.
    until(lambda: site.heard(1, "announced") > before + 8, "the layer carries nothing")
    assert all(is_without_holes(site.measured.seconds_of(one)) for one in (0, 1))


def test_what_was_measured_while_the_database_was_away_is_stored_afterwards(
    site: Site, scale: Scale
):
    site.until_both_have_stored(2)
    before = [site.measured.seconds_of(one)[-1] for one in (0, 1)]

    site.database.end()
    until(lambda: _have_waited(site), "nobody noticed")
    site.database.start()

    site.until_both_have_stored(8)
    for one in (0, 1):
        since = [second for second in site.measured.seconds_of(one) if second >= before[one]]
        assert is_without_holes(since)


def test_a_clock_that_is_set_neither_doubles_nor_loses_a_second(site: Site):
    for seconds in (20, -20, 0):
        site.measured.set_clock(seconds)
        site.until_both_have_stored(7)  # every fifth second they ask what time it is

    assert all(is_without_holes(site.measured.seconds_of(one)) for one in (0, 1))


def _have_waited(site: Site) -> bool:
    """Whether each worker says that some seconds wait."""
    return all(worker.log.count("are not stored yet") >= 2 for worker in site.fleet.workers)
