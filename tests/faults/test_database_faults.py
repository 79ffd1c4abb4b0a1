"""The database dies, stalls, cannot be reached, or is locked by somebody who takes their time."""

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import psycopg
import pytest

from tests.conftest import installations_on_postgres
from tests.faults.conftest import Gather
from tests.faults.crowd import Crowd
from tests.faults.fleet import Fleet, Service
from tests.faults.scale import Scale
from tests.servers.hole import Hole, hole_before
from tests.servers.postgres import Postgres, prepared_postgres
from tests.servers.requirements import required
from tests.servers.valkey import Valkey

on_postgres = pytest.mark.database("postgres", only=True)
on_sqlite = pytest.mark.database("sqlite", only=True)


@dataclass
class Site:
    """Workers that reach their database through a network which may be a hole."""

    fleet: Fleet
    database: Service[Postgres]
    hole: Hole
    postgres: Postgres


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, broker: Valkey) -> Iterator[Site]:
    with required(), prepared_postgres() as postgres, hole_before(postgres.port) as hole:
        database = Service(postgres.served)
        database.start()
        new = installations_on_postgres(tmp_path_factory.mktemp("stopped"), postgres)
        first = new()
        settings = {"REDIS_URL": broker.url}
        direct = first.database_url
        first.database_url = direct.replace(str(postgres.port), str(hole.port))
        fleet = Fleet(first, 2, settings)
        fleet.database_url = direct
        with fleet.served():
            yield Site(fleet, database, hole, postgres)
        database.end()


@contextmanager
def everybody_stays(site: Site, gather: Gather, rooms: int = 1) -> Iterator[Crowd]:
    """People talk while something is done to the database, and no socket is closed for it."""
    with gather(site.fleet, rooms) as crowd:
        with crowd.talking():
            yield crowd
            crowd.until_acknowledged(20)
        crowd.nothing_was_lost()
        assert not crowd.codes()


@on_postgres
def test_a_database_that_stops_and_starts(site: Site, gather: Gather, scale: Scale):
    with everybody_stays(site, gather) as crowd:
        site.database.end()
        crowd.go_on(scale.database_outage)
        site.database.start()


@on_postgres
def test_a_database_that_stalls(site: Site, gather: Gather, scale: Scale):
    with everybody_stays(site, gather) as crowd:
        site.postgres.signal_all(signal.SIGSTOP)
        crowd.go_on(scale.database_outage)
        site.postgres.signal_all(signal.SIGCONT)


@on_postgres
def test_a_database_that_cannot_be_reached(site: Site, gather: Gather, scale: Scale):
    with everybody_stays(site, gather) as crowd:
        site.hole.swallow()
        crowd.go_on(scale.database_outage)
        site.hole.mend()


@on_postgres
def test_a_room_that_somebody_locks_holds_up_no_other_room(
    site: Site, gather: Gather, scale: Scale
):
    with everybody_stays(site, gather, rooms=2) as crowd:
        locked, other = crowd.rooms
        with locked_row(site, locked):
            crowd.edit(locked)
            crowd.go_on(1)
            stored = [crowd.acknowledged_in(room) for room in (locked, other)]
            crowd.go_on(scale.database_outage)
            written = scale.database_outage * scale.posts_per_second / 2
            assert crowd.acknowledged_in(locked) == stored[0]
            assert crowd.acknowledged_in(other) > stored[1] + written / 2


@on_sqlite
def test_a_file_that_somebody_locks_stops_nobody_who_reads(
    fleet: Fleet, gather: Gather, scale: Scale
):
    with gather(fleet) as crowd:
        with crowd.talking():
            with locked_file(fleet):
                stored = crowd.acknowledged
                crowd.cut_all()
                crowd.go_on(scale.database_outage)
                crowd.until(crowd.is_here, "everybody has come in again")
                assert crowd.acknowledged <= stored + 1
            crowd.until_acknowledged(20)
        crowd.nothing_was_lost()
        assert not crowd.codes()


@contextmanager
def locked_file(fleet: Fleet) -> Iterator[None]:
    """Somebody writes, and takes their time."""
    somebody = sqlite3.connect(fleet.database_url.removeprefix("sqlite:///"), isolation_level=None)
    with closing(somebody):
        somebody.execute("BEGIN IMMEDIATE")
        yield
        somebody.execute("ROLLBACK")


@contextmanager
def locked_row(site: Site, room: str) -> Iterator[None]:
    """A room's row is locked by somebody, as an admin does who left a transaction open."""
    with psycopg.connect(site.fleet.database_url) as somebody:
        number = int(room.partition(":")[2])
        somebody.execute("SELECT 1 FROM chat_room WHERE id = %s FOR UPDATE", [number])
        yield
