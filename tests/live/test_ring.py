"""The recent rows of a stream: what a client that was away for a moment gets without a query."""

from collections.abc import Iterable
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live import ring as rings
from realtime_project.live.changes import Row
from realtime_project.live.ring import Ring
from tests.live.rows import message

# Each item is one rev: the messages that it changes.
histories = st.lists(st.lists(st.integers(1, 6), unique=True, max_size=3), max_size=25)


def test_a_replay_shows_a_row_once_and_as_it_is_now():
    ring = Ring(since=0)
    ring.add([message(1, 1, "my password is hunter2"), message(2, 1, "hello")], now=0)

    ring.add([message(1, 2, "")], now=1)

    assert ring.after(0) == [message(2, 1, "hello"), message(1, 2, "")]


def test_a_client_that_has_everything_gets_nothing():
    ring = Ring(since=0)
    ring.add([message(1, 1)], now=0)

    assert ring.after(1) == []


def test_a_cursor_from_before_the_ring_is_not_guessed_about():
    ring = Ring(since=7)
    ring.add([message(1, 8)], now=0)

    assert ring.after(6) is None
    assert ring.after(7) == [message(1, 8)]


@given(histories, st.integers(1, 8), st.integers(60, 400))
def test_a_replay_is_exactly_what_changed_or_nothing_at_all(history, max_rows, max_bytes):
    ring = Ring(since=0)
    rows: list[Row] = []

    with patch.multiple(rings, MAX_ROWS=max_rows, MAX_BYTES=max_bytes):
        for rev, numbers in enumerate(history, start=1):
            step = [message(number, rev) for number in numbers]
            ring.add(step, now=rev)
            rows += step

            assert len(ring) <= max_rows
            assert ring.bytes <= max_bytes
            for cursor in range(rev + 1):
                assert ring.after(cursor) in (None, changed_after(cursor, rows))


@given(histories)
def test_within_its_bounds_the_ring_reaches_back_to_its_beginning(history):
    ring = Ring(since=0)
    rows = [message(n, rev) for rev, numbers in enumerate(history, 1) for n in numbers]

    ring.add(rows, now=0)

    assert ring.after(0) == changed_after(0, rows)


@given(histories, st.integers(0, 40))
def test_rows_leave_when_they_are_old(history, minutes):
    ring = Ring(since=0)
    rows = [message(n, rev) for rev, numbers in enumerate(history, 1) for n in numbers]
    for row in rows:
        ring.add([row], now=row.rev * 60)

    ring.expire(now=minutes * 60)

    kept = [row for row in changed_after(0, rows) if minutes - row.rev <= 10]
    assert len(ring) == len(kept)
    assert ring.bytes == sum(len(row.data) for row in kept)
    for cursor in range(len(history) + 1):
        assert ring.after(cursor) in (None, changed_after(cursor, rows))


@pytest.mark.parametrize("bound", ["MAX_ROWS", "MAX_BYTES"])
def test_a_row_too_many_moves_the_beginning_past_whole_revs(bound):
    ring = Ring(since=0)
    pair = [message(1, 1), message(2, 1)]
    full = {"MAX_ROWS": 2, "MAX_BYTES": sum(len(row.data) for row in pair)}
    with patch.object(rings, bound, full[bound]):
        ring.add(pair, now=0)

        ring.add([message(3, 2)], now=0)

    # The other row of the rev is still there, but half a rev must not be told.
    assert len(ring) == 2
    assert ring.after(0) is None
    assert ring.after(1) == [message(3, 2)]


def test_a_ring_that_is_cleared_begins_again():
    ring = Ring(since=0)
    ring.add([message(1, 1)], now=0)

    ring.clear(since=5)

    assert (len(ring), ring.bytes) == (0, 0)
    assert ring.after(4) is None
    assert ring.after(5) == []


def changed_after(cursor: int, rows: Iterable[Row]) -> list[Row]:
    """The newest version of each row changed after a cursor, as a naive reader finds it."""
    newest: dict[str, Row] = {}
    for row in rows:
        newest.pop(row.id, None)
        newest[row.id] = row
    return [row for row in newest.values() if row.rev > cursor]
