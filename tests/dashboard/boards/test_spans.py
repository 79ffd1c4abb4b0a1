"""Stretches of time in an address, and the steps that suit them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.boards.spans import MAX_SLOTS, NoSpan, span, tier_of

times = st.integers(1, 500 * 86_400)
NOW = 1_790_000_000.4


@pytest.mark.parametrize(
    ("start", "step"),
    [
        ("-1m", 1),
        ("-15m", 1),
        ("-50m", 5),
        ("-2h", 10),
        ("-1d", 120),
        ("-7d", 1_200),
        ("-1y", 43_200),
    ],
)
def test_the_step_suits_what_is_shown_and_what_is_kept(start, step):
    assert span(start, "now", "", NOW).step == step


def test_a_quarter_of_an_hour_is_shown_by_seconds_up_to_this_one():
    found = span("", "", "", NOW)

    assert (found.end - found.start, found.step) == (901, 1)
    assert found.end == int(NOW) + 1


def test_a_step_that_is_not_kept_any_more_becomes_one_that_is():
    assert span("-2h", "now", "15", NOW).step == 20


@given(times, times, st.sampled_from(["", "1", "7", "3600"]))
def test_any_span_is_in_whole_steps_that_are_kept_and_not_too_many(ago, width, step):
    start = int(NOW) - ago
    try:
        found = span(str(start), str(start + width), step, NOW)
    except NoSpan:
        return
    assert found.start % found.step == found.end % found.step == 0
    assert len(found.seconds) <= MAX_SLOTS
    assert found.end >= min(start + width, found.end)
    assert found.step % tier_of(max(start, int(NOW) - 400 * 86_400), NOW) == 0
    assert found.start <= max(start, int(NOW) - 400 * 86_400)
