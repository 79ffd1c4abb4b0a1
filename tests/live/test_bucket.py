"""How often something may happen."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.bucket import Buckets, Limit, TokenBucket

TINY = 1e-6
rates = st.sampled_from([1 / 3, 0.5, 1.0, 5.0, 10.0])
bursts = st.integers(1, 15)
pauses = st.floats(0, 5, allow_nan=False)


def test_a_burst_passes_at_once_and_then_one_a_step():
    bucket = TokenBucket(rate=2, burst=3, now=0)

    at_once = [bucket.take(now=0) for _ in range(4)]

    assert at_once == [0, 0, 0, 0.5]
    assert bucket.take(now=0.25) == 0.25
    assert bucket.take(now=0.5) == 0


def test_asking_how_long_to_wait_takes_nothing():
    bucket = TokenBucket(rate=1, burst=1, now=0)

    waits = [bucket.wait(now=0) for _ in range(5)]

    assert waits == [0] * 5
    assert bucket.take(now=0) == 0


@given(rates, bursts, st.lists(pauses, max_size=60))
def test_no_stretch_of_time_lets_through_more_than_its_share(rate, burst, gaps):
    bucket = TokenBucket(rate, burst, now=0)

    passed = [now for now in accumulate(gaps, initial=0.0) if not bucket.take(now)]

    for first, start in enumerate(passed):
        for last, end in enumerate(passed[first:], start=first):
            assert last - first + 1 <= burst + rate * (end - start) + TINY


@given(rates, bursts, st.lists(pauses, max_size=30))
def test_who_waits_as_long_as_told_is_let_through(rate, burst, gaps):
    bucket = TokenBucket(rate, burst, now=0)
    for now in accumulate(gaps, initial=0.0):
        wait = bucket.take(now)

        if wait:
            assert 0 < wait <= 1 / rate + TINY
            assert bucket.wait(now + wait + TINY) == 0


@given(rates, bursts, st.lists(st.tuples(st.sampled_from("abc"), pauses), max_size=60))
def test_forgetting_who_was_quiet_gives_nobody_more(rate, burst, visits):
    buckets = Buckets(Limit(rate, burst))
    unforgotten = {key: TokenBucket(rate, burst, now=0) for key in "abc"}
    now = 0.0

    for key, pause in visits:
        now += pause

        assert buckets.take(key, now) == pytest.approx(unforgotten[key].take(now), abs=TINY)


def test_one_persons_haste_is_nobody_elses():
    buckets = Buckets(Limit(rate=1, burst=1))
    buckets.take("alice", now=0)

    assert buckets.take("alice", now=0) == 1
    assert buckets.take("bob", now=0) == 0


def test_asking_about_a_stranger_remembers_nothing():
    buckets = Buckets(Limit(rate=1, burst=1))

    assert buckets.wait("mallory", now=0) == 0
    assert len(buckets) == 0


def test_knocking_from_ever_new_addresses_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(Buckets, "MAX_KEYS", 100)
    buckets = Buckets(Limit(rate=0.001, burst=5))

    for address in range(1000):
        buckets.take(address, now=0)

    assert len(buckets) <= Buckets.MAX_KEYS + 1


def test_the_table_empties_itself_while_it_is_used():
    buckets = Buckets(Limit(rate=1, burst=1))
    for address in range(100):
        buckets.take(address, now=0)

    for moment in range(100):
        buckets.take("alice", now=10 + moment)

    assert len(buckets) == 1


def test_many_are_taken_together_or_not_at_all():
    bucket = TokenBucket(rate=10, burst=20, now=0)

    assert bucket.spend(15, now=0) == 0
    assert bucket.spend(15, now=0) == 1.0
    assert bucket.spend(5, now=0) == 0


def test_more_than_a_bucket_holds_is_lent_and_waited_for():
    bucket = TokenBucket(rate=10, burst=20, now=0)

    assert bucket.spend(50, now=0) == 0
    assert bucket.spend(1, now=0) == pytest.approx(3.1)
    assert bucket.spend(1, now=3.2) == 0
