"""Histograms keep magnitudes: merged or not, a quantile is known within 4.4%."""

from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtime_project.live.histogram import Histogram

LEAST, DOUBLINGS = Histogram(1e-5, 23).least, 23
MOST = LEAST * 2**DOUBLINGS
MAX_ERROR = 2 ** (1 / 16) - 1 + 1e-9

values = st.lists(st.floats(min_value=LEAST, max_value=MOST), min_size=1, max_size=200)
shares = st.floats(min_value=0, max_value=1)


def histogram_of(values: list[float]) -> Histogram:
    histogram = Histogram(LEAST, DOUBLINGS)
    for value in values:
        histogram.observe(value)
    return histogram


@given(values, shares)
def test_a_quantile_is_within_4_4_percent_of_the_true_one(values, share):
    true = sorted(values)[max(1, ceil(share * len(values))) - 1]

    known = histogram_of(values).quantile(share)

    assert known == pytest.approx(true, rel=MAX_ERROR)


@given(values, values)
def test_merging_is_the_same_as_having_seen_everything(mine, yours):
    merged = histogram_of(mine)
    merged.merge(histogram_of(yours))

    together = histogram_of(mine + yours)
    assert merged.counts == together.counts
    assert merged.sum == pytest.approx(together.sum)


@given(st.lists(st.floats(min_value=0, max_value=1e6)), st.sampled_from([1, 4, 8]))
def test_what_is_told_to_prometheus_grows_and_agrees_with_the_values(values, step):
    histogram = histogram_of(values)

    told = list(histogram.cumulative(step))

    assert all(a[0] < b[0] and a[1] <= b[1] for a, b in pairwise(told))
    for bound, reached in told:
        # A value that is a bound, but for the last digit, may be counted on either side.
        assert reached >= sum(value < bound * (1 - 1e-9) for value in values)
        assert reached <= sum(value <= bound * (1 + 1e-9) for value in values)


def test_what_is_too_small_or_too_large_is_counted_at_the_ends():
    histogram = histogram_of([0, 1e-9, 1e9])

    assert histogram.count == 3
    assert (histogram.counts[0], histogram.counts[-1]) == (2, 1)
    assert histogram.quantile(0.5) == LEAST
    assert histogram.quantile(1) == pytest.approx(MOST)


def test_an_empty_histogram_knows_no_quantile():
    assert Histogram(LEAST, DOUBLINGS).quantile(0.5) is None


def test_histograms_of_different_buckets_do_not_merge():
    with pytest.raises(ValueError, match="cannot be merged"):
        Histogram(LEAST, DOUBLINGS).merge(Histogram(1, DOUBLINGS))
