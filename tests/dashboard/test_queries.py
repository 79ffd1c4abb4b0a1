"""What a panel shows of what was measured."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.queries import Query, evaluate, evaluate_some, evaluation, heatmap
from dashboard.queries.evaluation import label_of, moving_average
from dashboard.queries.functions import value_of
from dashboard.storage.points import single
from tests.dashboard.measured import Named, measured, of, series, workers

ANY_ORDER = ["rate", "delta", "min", "max", "last", "count", "percentile"]


def one(query: Query, points, end: int = 10):
    lanes = evaluate(query, points, 0, end, 1)
    assert len(lanes) == 1
    return lanes[0].values


@given(workers, st.sampled_from([0.5, 0.95, 0.99, 0.999]))
def test_a_percentile_of_the_fleet_is_that_of_all_its_values(by_worker, share):
    query = Query("latency", fn="percentile", q=share)
    lanes = evaluate(query, measured(by_worker), 0, 10, 1)
    for second in range(10):
        everything = sorted(v for there in by_worker.values() for v in there.get(second, []))
        shown = lanes[0].values[second] if lanes else None
        if not everything:
            assert shown is None
            continue
        true = everything[max(0, -int(-share * len(everything) // 1) - 1)]
        assert shown == pytest.approx(true, rel=0.0905)


@given(
    workers, st.sampled_from(["rate", "sum", "avg", "min", "max", "last", "count", "percentile"])
)
def test_gaps_stay_gaps(by_worker, function):
    lanes = evaluate(Query("latency", by=("worker",), fn=function), measured(by_worker), 0, 10, 1)

    assert {lane.label for lane in lanes} == {w for w, there in by_worker.items() if there}
    for lane in lanes:
        known = {second for second, value in enumerate(lane.values) if value is not None}
        assert known == set(by_worker[lane.label])


@given(workers, st.sampled_from([*ANY_ORDER, "sum", "avg"]), st.sampled_from([1, 2, 5]))
def test_one_series_alone_says_what_it_says_of_many(by_worker, function, step):
    query = Query("latency", by=("worker",), fn=function)
    points = measured(by_worker)

    for lane in evaluate(query, points, 0, 10, step):
        slots = points[series("latency", **lane.labels)]
        found = [[slots[at]] if at in slots else [] for at in range(0, 10, step)]
        assert repr(lane.values) == repr([value_of(one, query, step) for one in found])


@given(
    workers, st.randoms(), st.sampled_from(["rate", "min", "max", "last", "count", "percentile"])
)
def test_the_order_of_workers_does_not_matter(by_worker, random, function):
    points = measured(by_worker)
    shuffled = list(points.items())
    random.shuffle(shuffled)
    query = Query("latency", fn=function)

    shown, again = (evaluate(query, one, 0, 10, 1) for one in (points, dict(shuffled)))

    for lane, other in zip(shown, again, strict=True):
        assert lane.values == pytest.approx(other.values)


@given(workers, st.integers(1, 6))
def test_a_moving_average_stands_only_where_something_was_measured(by_worker, width):
    points = measured(by_worker)
    plain = evaluate(Query("latency", by=("worker",), fn="avg"), points, 0, 10, 1)
    smooth = evaluate(Query("latency", by=("worker",), fn="avg", smooth=width), points, 0, 10, 1)

    for lane, smoothed in zip(plain, smooth, strict=True):
        assert [v is None for v in lane.values] == [v is None for v in smoothed.values]
        known = [v for v in lane.values if v is not None]
        for value in smoothed.values:
            assert value is None or min(known) <= value * 1.000001
            assert value is None or value * 0.999999 <= max(known)


def test_a_moving_average_is_known_from_the_first_step_on():
    points = {series("sockets"): {at: single(at, at) for at in range(-10, 10)}}

    assert one(Query("sockets", fn="last", smooth=3), points)[0] == -1


@given(
    st.lists(st.none() | st.integers(-10, 10) | st.floats(-1e300, 1e300), max_size=60),
    st.integers(1, 20),
)
def test_a_moving_average_is_the_exact_mean_wherever_one_begins_to_look(values, width):
    means = moving_average(values, width)

    for at, mean in enumerate(means):
        some = values[max(0, at - width + 1) : at + 1]
        known = [Fraction(value) for value in some if value is not None]
        assert mean == (None if values[at] is None else float(sum(known) / len(known)))
        assert mean == moving_average(some, width)[-1]


def test_a_long_moving_average_reads_each_value_once(monkeypatch):
    looked = []
    whole = evaluation._whole

    def look(value):
        looked.append(value)
        return whole(value)

    monkeypatch.setattr(evaluation, "_whole", look)

    assert moving_average([1.0] * 1000, 600) == [1.0] * 1000
    assert len(looked) == 1000


def test_of_too_many_lanes_those_of_which_most_is_known_are_computed():
    points = {
        series("load", host=f"{host:02}"): {at: single(1, at) for at in range(host)}
        for host in range(20)
    }

    some = evaluate_some(Query("load", by=("host",)), points, 0, 20, 1, most=5)
    assert [lane.label for lane in some.lanes] == ["15", "16", "17", "18", "19"]
    assert some.left_out == 14

    best = evaluate_some(Query("load", by=("host",), top=2), points, 0, 20, 1)
    assert (len(best.lanes), best.left_out) == (2, 17)


def test_an_average_of_what_is_missing_is_missing():
    assert moving_average([None, 4, None, 2], 3) == [None, 4, None, 3]


@given(workers)
def test_every_value_is_in_one_cell_of_the_heat_map(by_worker):
    rows = heatmap(Query("latency"), measured(by_worker), 0, 10, 1)

    bounds = [row.bound for row in rows]
    assert bounds == sorted(bounds)
    for second in range(10):
        everything = [v for there in by_worker.values() for v in there.get(second, [])]
        column = [row.values[second] for row in rows]
        if not everything:
            assert set(column) <= {None}
            continue
        assert sum(count or 0 for count in column) == len(everything)
        below = 0.0
        for row, count in zip(rows, column, strict=True):
            assert count == sum(below < v <= row.bound * 1.0000001 for v in everything)
            below = row.bound * 1.0000001


def test_a_heat_map_counts_what_is_far_below_in_its_lowest_row():
    rows = heatmap(Query("latency"), {series("latency"): {0: of(1e-12, 0.0, 5, 1e6)}}, 0, 1, 1)

    assert len(rows) == 60
    assert rows[0].values == [2]
    assert rows[-1].bound >= 1e6


class TestFunctions:
    points = {
        series("posts", worker="a", room="x"): {0: of(1, 2), 10: of(3)},
        series("posts", worker="b", room="x"): {0: of(5, at=1)},
        series("posts", worker="b", room="y"): {0: of(7, at=1)},
    }

    @pytest.mark.parametrize(
        ("function", "values"),
        [
            ("rate", [1.5, 0.3]),
            ("delta", [15, 3]),
            ("sum", [13.5, 3]),
            ("avg", [3.75, 3]),
            ("min", [1, 3]),
            ("max", [7, 3]),
            ("last", [7, 3]),
            ("count", [4, 1]),
        ],
    )
    def test_look_at_all_series_together(self, function, values):
        [lane] = evaluate(Query("posts", fn=function), self.points, 0, 20, 10)
        assert lane.values == pytest.approx(values)

    def test_add_up_by_label(self):
        lanes = evaluate(Query("posts", by=("room",), fn="delta"), self.points, 0, 20, 10)
        assert [(lane.label, lane.values) for lane in lanes] == [("x", [8, 3]), ("y", [7, None])]

    def test_keep_the_top(self):
        query = Query("posts", by=("worker", "room"), fn="delta", top=2)
        lanes = evaluate(query, self.points, 0, 10, 10)
        assert [lane.labels for lane in lanes] == [
            {"worker": "b", "room": "x"},
            {"worker": "b", "room": "y"},
        ]

    def test_choose_by_globs(self):
        query = Query("po*", labels={"worker": "b", "room": "[xz]"}, by=("*",), fn="delta")
        [lane] = evaluate(query, self.points, 0, 10, 10)
        assert (lane.label, lane.values) == ("x, b", [5])

    def test_take_a_label_that_is_not_there_for_empty(self):
        assert evaluate(Query("posts", labels={"zone": "?*"}), self.points, 0, 10, 10) == []
        assert len(evaluate(Query("posts", labels={"zone": ""}), self.points, 0, 10, 10)) == 1

    def test_know_no_percentile_where_nothing_is_known_of_how_values_are_spread(self):
        assert one(Query("load", fn="percentile"), {series("load"): {0: single(4, 0)}}, 1) == [None]


class TestSources:
    own = Named("load", (("worker", "a"),))
    sent = Named("load", (("source", "the office"), ("worker", "a")), "farm")
    points = {own: {0: single(1, 0)}, sent: {0: single(2, 0)}}

    @pytest.mark.parametrize(
        ("source", "values"), [("", [1]), ("farm", [2]), ("*", [2]), ("f*", [2]), ("barn", [])]
    )
    def test_are_told_apart_from_our_own(self, source, values):
        lanes = evaluate(Query("load", source=source), self.points, 0, 1, 1)
        assert [lane.values[0] for lane in lanes] == values

    def test_are_a_label_that_nobody_can_send(self):
        [lane] = evaluate(Query("load", source="*", by=("source",)), self.points, 0, 1, 1)
        assert lane.labels == {"source": "farm"}


class TestLegends:
    labels = (("room", "x"), ("worker", "web@0"))

    def test_name_labels(self):
        query = Query("posts", legend="{worker} in {room}{nothing}")
        assert label_of(query, self.labels) == "web@0 in x"

    def test_are_no_programmes(self):
        query = Query("posts", legend="{worker.__class__} {0} {worker!r}")
        assert label_of(query, self.labels) == "  {worker!r}"

    def test_say_which_percentile(self):
        assert label_of(Query("posts", fn="percentile", q=0.999), ()) == "p99.9"


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"metric": ""}',
        '{"metric": "a", "fn": "eval"}',
        '{"metric": "a", "q": 1.5}',
        '{"metric": "a", "top": 0}',
        '{"metric": "a", "smooth": 601}',
        '{"metric": "a", "by": ["a b"]}',
        '{"metric": "a", "labels": {"a": 1}}',
        '{"metric": "a", "surprise": 1}',
    ],
)
def test_a_query_that_is_none_is_refused(text):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Query)
