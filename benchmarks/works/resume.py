"""Resuming: one page that knows much, and a thousand that missed the same."""

import time

from benchmarks.results import Results
from benchmarks.subjects.queries import Counted, counting_queries
from benchmarks.subjects.registry import SIGNALBOX
from benchmarks.subjects.signalbox import Signalbox, dialect_of, prepared
from tests.wire import Client, dial

ROOMS, OPEN_ROOMS = 500, 8
MISSED_ROWS, MISSED_MESSAGES, MISSED_MENTIONS = 40, 5, 5
TIMES = 20
CROWD, AT_ONCE, CHANGES = 1000, 250, 50


def measure(results: Results) -> None:
    _one_page(results)
    _crowd(results)


def _one_page(results: Results) -> None:
    with prepared(2, rooms=ROOMS) as installation:
        cursors = {"me": ROOMS - MISSED_ROWS}
        for room in installation.rooms[:OPEN_ROOMS]:
            cursors[room] = installation.say(room, MISSED_MESSAGES) - MISSED_MESSAGES
        cursors["inbox"] = installation.mention(MISSED_MENTIONS) - MISSED_MENTIONS
        with installation.served() as server:
            times = sorted(_resume(server, cursors) for _ in range(TIMES))
        with counting_queries(installation) as server:
            _queries(server, {})  # the first one starts the worker
            queries = _queries(server, cursors) - _queries(server, {})
    results.add(
        "resume", SIGNALBOX.name, 1,
        me_p50_ms=times[TIMES // 2], me_max_ms=times[-1], me_queries=queries,
    )  # fmt: skip


def _queries(server: Counted, cursors: dict[str, int]) -> int:
    before = server.queries()
    _resume(server, cursors)
    return server.queries() - before


def _resume(server: Signalbox, cursors: dict[str, int]) -> float:
    """Subscribe with cursors; returns after how many milliseconds all of it was here."""
    with dial(server.installation, server.sessions[0]) as connection:
        client = Client(connection)
        began = time.perf_counter()
        if cursors:
            client.tell(do="subscribe", topics=cursors)
        # Commands are carried out one after the other: this answer comes behind the rest.
        client.ask(do="unsubscribe", topics=["me"])
        return (time.perf_counter() - began) * 1e3


def _crowd(results: Results) -> None:
    with prepared(CROWD) as installation:
        [room] = installation.rooms
        cursor = installation.say(room, CHANGES) - CHANGES
        with counting_queries(installation) as server, server.crowd() as crowd:
            crowd.change(first=dialect_of(room, cursor=cursor).first)
            heard = crowd.open(CROWD, at_once=AT_ONCE)
            queries = server.queries(of="chat_message")
    results.add(
        "resume", SIGNALBOX.name, CROWD,
        queries_for_what_was_missed=queries, all_live_after_s=heard["seconds"],
    )  # fmt: skip
