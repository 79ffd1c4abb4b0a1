"""How a change is cut into frames."""

from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.changes import MAX_FRAME_BYTES, change_frames
from tests.live.rows import ROOM, message, parse

SIZES = [0, 100, 5_000, 16_300, 32_600, 40_000]


@st.composite
def changes_of_a_stream(draw):
    """Where a change begins and ends, and its rows: small and large, several of one rev."""
    after = draw(st.integers(0, 1000))
    steps = draw(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(SIZES)), max_size=14))
    revs = accumulate((step for step, _ in steps), initial=after + 1)
    rows = [
        message(number, rev, "x" * size)
        for number, (rev, (_, size)) in enumerate(zip(revs, steps, strict=False))
    ]
    newest = rows[-1].rev if rows else after + 1
    return after, newest + draw(st.integers(0, 2)), rows


@given(changes_of_a_stream())
def test_the_frames_hold_every_row_once_in_order(change):
    after, rev, rows = change

    frames = change_frames(ROOM, after, rev, rows)

    told = [row for _, frame in frames for row in parse(frame)["rows"]]
    assert told == [parse(row.data) for row in rows]


@given(changes_of_a_stream())
def test_the_frames_follow_each_other_without_a_hole(change):
    after, rev, rows = change

    frames = [parse(frame) for _, frame in change_frames(ROOM, after, rev, rows)]

    assert frames[0]["from"] == after
    assert frames[-1]["rev"] == rev
    assert all(one["rev"] == following["from"] for one, following in pairwise(frames))
    assert all(one["from"] <= one["rev"] for one in frames)
    assert [one.get("more", False) for one in frames] == [True] * (len(frames) - 1) + [False]


@given(changes_of_a_stream())
def test_a_frame_is_small_or_one_row(change):
    for _, frame in change_frames(ROOM, *change):
        assert len(frame) <= MAX_FRAME_BYTES or len(parse(frame)["rows"]) == 1


@given(changes_of_a_stream(), st.data())
def test_a_client_cut_off_after_any_frame_resumes_without_a_loss(change, data):
    after, rev, rows = change
    frames = change_frames(ROOM, after, rev, rows)
    read = frames[: data.draw(st.integers(0, len(frames)))]
    cursor = read[-1][0] if read else after

    resumed = change_frames(ROOM, cursor, rev, [row for row in rows if row.rev > cursor])

    held = {row["id"] for _, frame in read + resumed for row in parse(frame)["rows"]}
    assert held == {parse(row.data)["id"] for row in rows}


@pytest.mark.parametrize("length", range(16_200, 16_384, 8))
def test_two_rows_that_just_fit_do_not_overflow_the_frame(length):
    rows = [message(rev, rev, "x" * length) for rev in (1, 2)]

    frames = change_frames("board:" + "a" * 60, 0, 2**53, rows)

    assert all(len(frame) <= MAX_FRAME_BYTES for _, frame in frames)


def test_nothing_to_see_still_moves_the_cursor():
    frames = change_frames(ROOM, 4, 7, [])

    assert [(rev, parse(frame)) for rev, frame in frames] == [
        (7, {"topic": ROOM, "from": 4, "rev": 7, "rows": []})
    ]


def test_half_a_rev_is_asked_for_again():
    rows = [message(1, 5, "x" * 20_000), message(2, 5, "x" * 20_000), message(3, 6)]

    frames = change_frames(ROOM, 4, 6, rows)

    assert [rev for rev, _ in frames] == [4, 6]
