"""What is told live lands in the line it belongs to, however it was cut into frames."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dashboard.boards import panels
from dashboard.boards import screen as screens
from dashboard.boards.access import Shown
from dashboard.boards.body import Body, Panel
from dashboard.boards.catalogue import Selectable
from dashboard.boards.panels import lanes_of
from dashboard.boards.scope import Scope
from dashboard.boards.screen import Screen, lanes_row, rows_of, stretches
from dashboard.queries import Query
from dashboard.storage.points import spread
from tests.dashboard.measured import workers

LINES = [
    Query("latency", by=("worker",), fn="max"),
    Query("latency", fn="percentile", q=0.9),
    Query("latency", fn="avg", smooth=3),
]
PANELS = [
    Panel("p1", "Lines", "line", 0, 0, 6, 3, queries=LINES),
    Panel("p2", "Spread", "heatmap", 6, 0, 6, 3, queries=[Query("latency")]),
]


def points_of(by_worker):
    return {
        Selectable("latency", (("worker", worker),), "", number): {
            second: spread(values, second) for second, values in there.items()
        }
        for number, (worker, there) in enumerate(by_worker.items())
    }


def screen_of(points) -> Screen:
    shown = Shown("mine", Body("Mine", PANELS), Scope(own=True, sources={}), "own")
    return Screen(shown, {one.pk: one for one in points}, newest_pk=99)


@given(workers, st.permutations(range(10)), st.sets(st.integers(1, 9)))
def test_however_seconds_are_told_the_page_shows_what_is_stored(by_worker, order, cuts):
    points = points_of(by_worker)
    screen = screen_of(points)
    edges = [0, *sorted(cuts), 10]
    told = {}
    for start, end in pairwise(edges):
        for row in rows_of(screen, screen.told(points, order[start:end]), rev=1):
            told[row.id] = row.panels

    for panel in PANELS:
        names = screen.lanes[panel.id]
        places = {(n.query, str(n.labels), n.bound): at for at, n in enumerate(names)}
        for lane in lanes_of(panel, points, 0, 10, 1):
            place = places.get((lane.query, str(lane.labels), lane.bound), 99)
            for second, value in enumerate(lane.values):
                shown = told.get(second, {}).get(panel.id, [])
                there = shown[place] if place < len(shown) else None
                # A row of a heat map into which nothing falls need not be told.
                assert there == value or (panel.kind == "heatmap" and not there and not value)


@given(workers)
def test_lanes_keep_their_places(by_worker):
    points = points_of(by_worker)
    screen = screen_of(points)
    known = screen.lanes
    for second in range(10):
        screen.told(points, [second])
        for panel, names in known.items():
            assert screen.lanes[panel][: len(names)] == names
        known = screen.lanes


def test_the_top_is_chosen_now_and_then_and_not_by_each_second():
    points = points_of({"a": {0: [5.0], 1: [5.0], 2: [1.0]}, "b": {0: [1.0], 1: [1.0], 2: [9.0]}})
    query = Query("latency", by=("worker",), fn="max", top=1)
    shown = Shown(
        "mine",
        Body("Mine", [Panel("p1", "Top", "line", 0, 0, 6, 3, queries=[query])]),
        Scope(own=True, sources={}),
        "own",
    )
    screen = Screen(shown, {one.pk: one for one in points}, newest_pk=99)
    screen.seed(points, 0, 2)

    assert screen.told(points, [2]) == {2: {"p1": [1.0]}}
    screen.seed(points, 2, 3)

    assert [lane.label for lane in screen.lanes["p1"]] == ["a", "b"]
    assert screen.told(points, [2]) == {2: {"p1": [1.0, 9.0]}}


@given(st.sets(st.integers(0, 30)))
def test_stretches_cover_the_seconds_and_nothing_else(seconds):
    covered = [second for start, end in stretches(seconds) for second in range(start, end)]
    assert covered == sorted(seconds)


def test_a_panel_that_cannot_be_computed_takes_no_other_with_it(monkeypatch):
    points = points_of({"a": {0: [5.0], 1: [6.0], 2: [7.0]}})
    screen = screen_of(points)
    screen.seed(points, 0, 1)
    compute, is_broken = panels.shown_of, [True]

    def broken(panel, *args):
        if panel.id == "p1" and is_broken:
            raise ArithmeticError("by a bug")
        return compute(panel, *args)

    for module in (panels, screens):
        monkeypatch.setattr(module, "shown_of", broken)
    assert set(screen.told(points, [1])[1]) == {"p2"}
    assert screen.blanks == {"p1": "failed"}
    assert rows_of(screen, {}, rev=1) == []
    assert lanes_row(screen, rev=1).blanks == {"p1": "failed"}

    screen.seed(points, 0, 2)
    assert screen.blanks == {"p1": "failed"}, "it is none the better"
    is_broken.clear()
    screen.seed(points, 0, 2)

    assert screen.blanks == {}
    assert set(screen.told(points, [2])[2]) == {"p1", "p2"}


def test_where_lanes_come_and_go_their_places_end(monkeypatch):
    monkeypatch.setattr(screens, "MAX_LANES", 2)
    query = Query("latency", by=("worker",), fn="max")
    body = Body("Mine", [Panel("p1", "Each", "line", 0, 0, 6, 3, queries=[query])])
    screen = Screen(Shown("mine", body, Scope(own=True, sources={}), "own"), {}, newest_pk=99)

    for second in range(5):
        assert not screen.is_full
        screen.told(points_of({f"web@{second}": {second: [1.0]}}), [second])

    assert screen.is_full
