"""A process counts the database's seconds, each once, whatever becomes of that clock."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dashboard.measuring.clock import FAR_SECONDS, LATE_SECONDS, Clock, Seconds

NOW = 1_790_000_000.0
LOOKS = 40  # in a second


def play(minutes: float, set_by: dict[int, float]) -> list[int]:
    """Which seconds end for a process that asks the database every five seconds, while its clock
    is set: by how much, at which of these."""
    clock, told, off = Clock(), list[int](), 0.0
    seconds = Seconds(clock)
    for look in range(int(minutes * 60 * LOOKS)):
        monotonic = look / LOOKS
        if look % (5 * LOOKS) == 0:
            off += set_by.get(look // (5 * LOOKS), 0.0)
            clock.learn(NOW + monotonic + off, monotonic)
        told += seconds.ended(monotonic)
    return told


small = st.floats(min_value=-FAR_SECONDS / 3, max_value=FAR_SECONDS / 3)


@given(st.dictionaries(st.integers(1, 12), small, max_size=2))
def test_a_clock_that_is_set_neither_doubles_nor_loses_a_second(set_by):
    told = play(1, set_by)

    assert all(b == a + 1 for a, b in pairwise(told))


@given(small)
def test_it_comes_to_show_what_the_database_shows(off):
    told = play(5, {1: off})

    assert abs(told[-1] - (NOW + 5 * 60 + off)) <= 3


def test_a_machine_that_slept_goes_on_with_the_time_that_it_is():
    told = play(1, {6: 3600.0})

    assert [b - a for a, b in pairwise(told) if b - a != 1] == [3601]


def test_a_clock_that_was_an_hour_ahead_is_believed_and_the_hour_begins_again():
    told = play(1, {6: -3600.0})

    assert [b - a for a, b in pairwise(told) if b - a != 1] == [-3599]


@given(st.lists(st.floats(0.0, LATE_SECONDS - 1.0), max_size=40))
def test_who_looks_late_leaves_no_second_out(delays):
    clock, monotonic, told = Clock(), 100.0, list[int]()
    clock.learn(NOW, monotonic)
    seconds = Seconds(clock)
    for delay in [0.0, *delays]:
        # As a timer that is asked for the end of a second, and comes when it comes.
        monotonic += seconds.until_next(monotonic) + delay
        told += seconds.ended(monotonic)

    assert all(b == a + 1 for a, b in pairwise(told))
    assert told[-1] == int(clock.now(monotonic)) - 1


def test_who_was_stopped_for_long_knows_nothing_of_the_seconds_in_between():
    clock = Clock()
    clock.learn(NOW, 0.0)
    seconds = Seconds(clock)

    assert list(seconds.ended(1.5)) == [NOW]
    assert list(seconds.ended(10.5)) == [NOW + 9]
    assert list(seconds.ended(10.6)) == []


def test_before_the_database_has_answered_no_second_ends():
    seconds = Seconds(Clock())

    assert not seconds.ended(5.0)
    assert seconds.until_next(5.0) == 1.0
