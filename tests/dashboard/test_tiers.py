"""Whatever becomes of those who roll up, every aggregate over every tier is that of what was
measured."""

from collections import defaultdict
from contextlib import suppress
from functools import reduce
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dashboard.models import Chunk, Measures, Series, StoredReport, Watermark
from dashboard.storage import rolling
from dashboard.storage.lease import Claim
from dashboard.storage.points import Point, merge, single
from dashboard.storage.reading import read
from dashboard.storage.reports import Report, load, store
from dashboard.storage.rolling import Gathered, Roller, gather, roll_up, write
from dashboard.storage.tiers import HOUR, TIERS, Tier
from dashboard.storage.trimming import REPORTS_KEPT, trim
from tests.dashboard.points import points
from tests.dashboard.series import series

START = 1_790_000_000 // HOUR * HOUR
END = START + 2 * HOUR
STEPS = (1, 2, 10, 30, 60, 300, HOUR, 2 * HOUR)

pytestmark = pytest.mark.django_db(transaction=True)
names = (f"series {number}" for number in count())


class Crash(Exception):
    """The process is killed before its transaction commits."""


class Played:
    """Two leaders that do not know of each other, and all that was ever reported."""

    def __init__(self, tier: Tier) -> None:
        self.series = [series(next(names)) for _ in range(2)]
        self._tier = tier
        self._told: dict[int, list[tuple[int, Point]]] = defaultdict(list)
        self._gathered: dict[str, Gathered] = {}

    def report(self, told: list[tuple[int, int, Point]]) -> None:
        placed = [(START + second, self.series[which], point) for second, which, point in told]
        store([Report("somebody", placed)])
        for second, pk, point in placed:
            self._told[pk].append((second, point))

    def gather(self, leader: str) -> None:
        if gathered := gather(self._tier):
            self._gathered[leader] = gathered

    def write(self, leader: str) -> None:
        if gathered := self._gathered.pop(leader, None):
            write(gathered)

    def crash(self, leader: str) -> None:
        if gathered := self._gathered.get(leader):
            with suppress(Crash), transaction.atomic():
                write(gathered)
                raise Crash

    def is_told_truly(self) -> None:
        for step in STEPS:
            assert read(self.series, START, END, step) == {
                pk: self._expected(pk, step) for pk in self.series
            }

    def _expected(self, pk: int, step: int) -> dict[int, Point]:
        steps: dict[int, list[Point]] = defaultdict(list)
        for second, point in self._told[pk]:
            steps[second - second % step].append(point)
        return {at: reduce(merge, some) for at, some in steps.items()}


leaders = st.sampled_from(["one", "another"])
reports = st.lists(
    st.tuples(st.integers(0, 2 * HOUR - 1), st.integers(0, 1), points), min_size=1, max_size=6
)
act = st.tuples(st.sampled_from(["gather", "write", "crash"]), leaders)
rounds = st.lists(st.tuples(reports, st.lists(act, min_size=3, max_size=8)), max_size=5)
# Both have read the same when the first of them writes it.
BOTH = [("gather", "one"), ("gather", "another"), ("write", "one"), ("write", "another")]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tier=st.sampled_from(TIERS), rounds=rounds)
@example(tier=TIERS[0], rounds=[([(0, 0, single(1, 0))], BOTH)])
def test_two_leaders_that_are_killed_now_and_then_change_nothing(tier, rounds):
    played = Played(tier)
    for told, acts in rounds:
        played.report(told)
        for name, leader in acts:
            getattr(played, name)(leader)
        played.is_told_truly()

    for tier in TIERS:
        while roll_up(tier):
            pass
    played.is_told_truly()


def measured(pk: int, *seconds: int) -> None:
    store([Report("web", [(at, pk, single(1, at))], heartbeat=True) for at in seconds])


def test_what_is_rolled_up_needs_its_reports_no_more():
    pk = series("sockets")
    measured(pk, *range(START, START + 100))
    while Roller().roll_up():
        pass

    StoredReport.objects.all().delete()

    assert {step: len(read([pk], START, START + 100, step)[pk]) for step in (1, 10, 60)} == {
        1: 100,
        10: 10,
        60: 2,
    }


def test_a_roller_keeps_the_pace_of_each_tier(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("dashboard.storage.rolling.time.monotonic", lambda: now[0])
    pk, roller = series("sockets"), Roller()
    measured(pk, START)
    while roller.roll_up():
        pass
    measured(pk, START + 1)

    now[0] += 5
    while roller.roll_up():
        pass

    assert dict(Watermark.objects.values_list("tier", "rev")) == {1: 2, 10: 1, 60: 1, HOUR: 1}


def test_what_comes_all_the_time_is_added_at_the_pace_of_a_tier_and_not_as_it_comes(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("dashboard.storage.rolling.time.monotonic", lambda: now[0])
    pk, roller = series("sockets"), Roller()
    marks = []
    for second in range(4):
        measured(pk, START + second)
        roller.roll_up()
        marks.append(Watermark.objects.get(tier=1).rev)

    assert marks == [1, 1, 1, 1]


def test_more_than_a_pass_takes_in_is_added_in_several(monkeypatch):
    monkeypatch.setattr(rolling, "MOST_REPORTS", 2)
    pk = series("sockets")
    measured(pk, *range(START, START + 5))

    assert [roll_up(TIERS[0]) for _ in range(4)] == [True, True, False, False]
    assert len(read([pk], START, START + 5, 1)[pk]) == 5


def test_a_pass_holds_so_many_points_and_no_more(monkeypatch):
    monkeypatch.setattr(rolling, "MOST_POINTS", 3)
    pk = series("sockets")
    measured(pk, *range(START, START + 7))

    found = gather(TIERS[0])

    assert found is not None
    assert (found.rev, found.is_full) == (3, True)


def test_the_series_of_a_source_that_was_deleted_hold_nobody_up():
    gone, there = series("ticks", 7), series("sockets")
    measured(gone, START)
    measured(there, START + 1)
    Series.objects.filter(pk=gone).delete()

    while Roller().roll_up():
        pass

    assert set(Chunk.objects.values_list("series_id", flat=True)) == {there}


def test_each_tier_forgets_what_is_older_than_it_keeps():
    pk = series("sockets")
    measured(pk, START)
    while Roller().roll_up():
        pass

    kept = {}
    for tier in TIERS:
        now = START + tier.kept + 2 * tier.span
        while trim(now):
            pass
        kept[tier.seconds] = set(Chunk.objects.values_list("tier", flat=True))

    assert kept == {1: {10, 60, HOUR}, 10: {60, HOUR}, 60: {HOUR}, HOUR: set()}


def test_reports_go_when_they_stand_everywhere_and_who_missed_them_begins_afresh():
    pk = series("sockets")
    measured(pk, START, START + 1)
    late = START + REPORTS_KEPT + 2
    trim(late)
    assert StoredReport.objects.count() == 2  # they stand in no tier yet

    while Roller().roll_up():
        pass
    measured(pk, late)
    trim(late)

    assert [one.rev for one in StoredReport.objects.all()] == [3]
    assert Measures.current().floor == 2
    assert load("measures:1", 1).reset
    assert len(read([pk], START, late + 1, 1)[pk]) == 3


def test_one_of_several_processes_holds_the_lease_and_another_when_it_is_gone(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("dashboard.storage.lease.time.monotonic", lambda: now[0])
    monkeypatch.setattr("dashboard.storage.lease.SECONDS", 0.2)
    one, another = Claim("leader", "one"), Claim("leader", "another")
    held = set()
    for _ in range(3):
        now[0] += 1
        held |= {name for name, claim in [("one", one), ("another", another)] if claim.is_held()}
    assert len(held) == 1

    [holder] = held
    other = another if holder == "one" else one
    for _ in range(2000):
        now[0] += 1
        if other.is_held():
            break
    else:
        pytest.fail("a lease that nobody renewed never ended")
