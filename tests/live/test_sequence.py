"""The order in which the changes of a stream pass, whatever order they arrive in."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live import cursor as cursors
from realtime_project.live.changes import Change
from realtime_project.live.cursor import Sequence, can_resume, is_near, until
from tests.live.rows import ROOM, message, post


@dataclass
class Counters:
    rev: int
    floor: int


@st.composite
def announcements(draw):
    """The changes of a stream, of one rev or of several each, every row changed once."""
    stream, rev = [], 0
    for by in draw(st.lists(st.integers(1, 3), min_size=1, max_size=12)):
        rows = tuple(message(one, one) for one in range(rev + 1, rev + by + 1))
        stream.append(Change(ROOM, rev, rev + by, rows))
        rev += by
    return stream


@given(st.data())
def test_shuffled_and_doubled_announcements_pass_once_each_in_order(data):
    stream = data.draw(announcements())
    doubled = stream + data.draw(st.lists(st.sampled_from(stream), max_size=8))
    heard = data.draw(st.permutations(doubled))

    passed = take_all(Sequence(0), heard)

    assert passed == stream


@given(st.data())
def test_what_is_lost_comes_once_when_the_gap_is_filled(data):
    stream = data.draw(announcements())
    heard = data.draw(st.lists(st.sampled_from(stream), max_size=12))
    sequence = Sequence(0)
    passed = take_all(sequence, heard)

    # The database tells all of it from where the stream stands, or from further back.
    known = data.draw(st.integers(0, sequence.rev))
    passed += sequence.take(everything_after(known, stream))

    assert_unbroken(passed)
    assert revs_of(passed) == list(range(1, stream[-1].rev + 1))
    assert not sequence.has_gap


@given(st.data())
def test_filling_one_gap_of_two_passes_only_what_is_its_turn(data):
    stream = data.draw(announcements())
    heard = data.draw(st.lists(st.sampled_from(stream), max_size=12))
    sequence = Sequence(0)
    passed = take_all(sequence, heard)
    top = data.draw(st.integers(sequence.rev, stream[-1].rev))

    passed += sequence.take(until(everything_after(sequence.rev, stream), top))

    assert_unbroken(passed)
    assert revs_of(passed) == list(range(1, sequence.rev + 1))
    assert sequence.has_gap == any(one.after > sequence.rev for one in heard)


def test_what_lies_ahead_waits_for_what_is_missing():
    sequence = Sequence(0)

    assert list(sequence.take(post(2))) == []
    assert sequence.has_gap

    assert list(sequence.take(post(1))) == [post(1), post(2)]
    assert not sequence.has_gap


def test_a_row_that_has_passed_does_not_pass_again_with_a_wider_change():
    sequence = Sequence(0)
    list(sequence.take(post(1)))

    wider = Change(ROOM, 0, 2, (message(1, 1), message(2, 2)))

    assert list(sequence.take(wider)) == [Change(ROOM, 1, 2, (message(2, 2),))]


def test_a_reset_does_not_swallow_what_comes_before_it():
    sequence = Sequence(0)
    removal = post(1, ends=7)

    assert list(sequence.take(Change(ROOM, 1, 2, reset=True))) == []

    assert list(sequence.take(removal)) == [removal, Change(ROOM, 1, 2, reset=True)]


def test_what_waits_is_bounded_and_the_nearest_is_kept(monkeypatch):
    monkeypatch.setattr(Sequence, "MAX_HELD", 3)
    sequence = Sequence(0)
    for rev in range(9, 1, -1):
        list(sequence.take(post(rev)))

    passed = list(sequence.take(post(1)))

    assert revs_of(passed) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("cursor", "answer"), [(None, False), (4, False), (5, True), (9, True), (10, False)]
)
def test_a_client_resumes_between_the_floor_and_the_newest_rev(cursor, answer):
    assert can_resume(cursor, floor=5, rev=9) is answer


def test_what_is_gone_or_too_far_away_is_not_read():
    assert is_near(5, Counters(rev=9, floor=5))
    assert not is_near(4, Counters(rev=9, floor=5))
    assert is_near(0, Counters(rev=cursors.MAX_REPLAY_REVS, floor=0))
    assert not is_near(0, Counters(rev=cursors.MAX_REPLAY_REVS + 1, floor=0))


@given(announcements(), st.integers(0, 40))
def test_a_change_cut_off_at_a_rev_tells_nothing_that_came_later(stream, rev):
    whole = everything_after(0, stream)

    cut = until(whole, rev)

    assert cut.rev == min(rev, whole.rev)
    assert revs_of([cut]) == list(range(1, cut.rev + 1))


def take_all(sequence: Sequence, heard: Iterable[Change]) -> list[Change]:
    return list(chain.from_iterable(sequence.take(change) for change in heard))


def everything_after(rev: int, stream: list[Change]) -> Change:
    rows = tuple(row for change in stream for row in change.rows if row.rev > rev)
    return Change(ROOM, rev, stream[-1].rev, rows)


def assert_unbroken(passed: list[Change]) -> None:
    ends = [0, *(change.rev for change in passed)]
    assert [change.after for change in passed] == ends[:-1]


def revs_of(passed: list[Change]) -> list[int]:
    return [row.rev for change in passed for row in change.rows]
