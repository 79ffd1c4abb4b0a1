"""Very many streams of Server-Sent Events on one worker, as when no WebSocket gets through."""

import pytest

from tests.faults import stored
from tests.faults.audience import Reader
from tests.faults.fleet import Fleet
from tests.faults.herd import SOCKETS_A_PERSON, Herd
from tests.faults.scale import Scale
from tests.wire import client

pytestmark = pytest.mark.database("sqlite")

MAX_RSS_PER_STREAM = 60 * 1024
MAX_THREADS = 20


WARM_PEOPLE = 5
"""Whose streams are open before anything is measured: the first ones make a worker load things."""


def test_a_stream_holds_no_thread_no_connection_to_the_database_and_little_memory(
    fleet: Fleet, scale: Scale
):
    people = 1 + WARM_PEOPLE + -(-scale.audience // SOCKETS_A_PERSON)
    rooms, [speaker, *sessions] = fleet.make_rooms("streams", people=people, rooms=2)
    early, late = sessions[:WARM_PEOPLE], sessions[WARM_PEOPLE:]
    worker, other = fleet.workers

    def herd_of(sessions: list[str], count: int) -> Herd:
        return Herd(worker.installation, sessions, ["me", *rooms], count, Reader)

    first = herd_of(early, WARM_PEOPLE * SOCKETS_A_PERSON)
    with client(other.installation, speaker) as speaking, first.here(scale.patience):
        speaking.subscribe(rooms[0], 0)
        herd = herd_of(late, scale.audience)
        before = worker.rss
        with herd.here(scale.patience):
            each = (worker.rss - before) / scale.audience
            connections = open_connections(fleet)
            print(  # noqa: T201 (so that a run of the long form tells its figures)
                f"{scale.audience} streams: {each / 1024:.1f} KiB each, {worker.threads} threads, "
                f"{connections} connections to the database in all"
            )
            assert each <= MAX_RSS_PER_STREAM
            assert worker.threads <= MAX_THREADS
            assert 0 < connections <= sum(one.threads for one in fleet.workers)

            speaking.post(rooms[0], "for everybody here")
            herd.until_heard("for everybody here", scale.patience)
            assert all(one.heard("for everybody here") == 1 for one in herd.listeners)


def open_connections(fleet: Fleet) -> int:
    """How many connections to the database all workers hold."""
    if fleet.database_url.startswith("sqlite:"):
        # Each has the database open, and its log and index of that.
        return -(-sum(worker.descriptors("db.sqlite3") for worker in fleet.workers) // 3)
    return stored.connections(fleet.database_url)
