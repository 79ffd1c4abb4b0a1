"""Points merge in any order and grouping, and know how their values are spread within 4.4%."""

from functools import reduce
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.storage.codec import (
    decode_chunk,
    decode_report,
    encode_chunk,
    encode_report,
    point_of,
)
from dashboard.storage.points import bound, bucket, merge, middle, quantile, single, spread
from realtime_project.live.histogram import Histogram
from tests.dashboard.points import points

MAX_ERROR = 2 ** (1 / 16) - 1 + 1e-9
positive = st.lists(st.floats(min_value=1e-6, max_value=1e9), min_size=1, max_size=100)
shares = st.floats(min_value=0, max_value=1)


@given(points, points)
def test_merging_knows_no_order(a, b):
    assert merge(a, b) == merge(b, a)


@given(points, points, points)
def test_merging_knows_no_grouping(a, b, c):
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(st.lists(points, min_size=1))
def test_a_merged_point_says_what_all_of_its_values_say(some):
    merged = reduce(merge, some)

    assert merged.count == sum(one.count for one in some)
    assert merged.sum == sum(one.sum for one in some)
    assert merged.min == min(one.min for one in some)
    assert merged.max == max(one.max for one in some)
    assert (merged.last_at, merged.last) == max((one.last_at, one.last) for one in some)


@given(positive, shares)
def test_a_quantile_is_within_4_4_percent_of_the_true_one(values, share):
    true = sorted(values)[max(1, ceil(share * len(values))) - 1]

    assert quantile(spread(values, 0), share) == pytest.approx(true, rel=MAX_ERROR)


@given(positive, positive, shares)
def test_the_quantile_of_a_fleet_is_that_of_all_its_values(mine, yours, share):
    merged = merge(spread(mine, 0), spread(yours, 0))

    assert quantile(merged, share) == quantile(spread(mine + yours, 0), share)


@given(st.floats(min_value=1e-6, max_value=1e9))
def test_a_value_lies_in_its_bucket(value):
    index = bucket(value)

    assert middle(index) == pytest.approx(value, rel=MAX_ERROR)
    assert bound(index - 1) * (1 - 1e-9) <= value <= bound(index) * (1 + 1e-9)


def test_what_is_not_positive_has_a_bucket_of_its_own():
    point = spread([-3.0, 0.0, 8.0], 0)

    assert quantile(point, 0.5) == 0
    assert quantile(point, 1) == pytest.approx(8, rel=MAX_ERROR)


def test_of_single_values_no_quantile_is_known():
    assert quantile(single(3, 0), 0.5) is None


@given(st.floats(min_value=1e-5, max_value=80))
def test_workers_count_in_the_same_buckets(value):
    histogram = Histogram(1e-5, 23)
    histogram.observe(value)

    [counted] = [index for index, count in enumerate(histogram.counts) if count]

    assert counted + histogram.first == max(bucket(value), histogram.first)


@given(st.dictionaries(st.integers(0, 2**40), points, min_size=1))
def test_a_chunk_reads_as_it_was_written(some):
    assert decode_chunk(encode_chunk(some)) == some


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), points)))
def test_a_report_reads_as_it_was_written_with_what_is_of_one_second_merged(some):
    told = decode_report(encode_report(some))

    for second, series in {(second, series) for second, series, _ in some}:
        expected = reduce(merge, [one for *where, one in some if where == [second, series]])
        assert point_of(second, told[second][series]) == expected


def test_what_was_measured_once_takes_a_few_bytes():
    one = encode_report([(1_790_000_000, series, single(0, 1_790_000_000)) for series in range(99)])

    assert len(one) < 1100
