"""Reports are the one way in: each is stored once, numbered, and told to every worker."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.models import Measures, Series, StoredReport
from dashboard.storage import registry
from dashboard.storage.points import single, spread
from dashboard.storage.reading import find, read
from dashboard.storage.registry import Described, TooManySeries, key_of, series_for
from dashboard.storage.reports import Report, load, store
from tests.dashboard.series import series

NOW = 1_790_000_000

pytestmark = pytest.mark.django_db(transaction=True)


def beat(origin: str, second: int, pk: int, value: float = 1) -> Report:
    return Report(origin, [(second, pk, single(value, second))], heartbeat=True)


def test_what_was_reported_is_read_in_steps_of_any_length():
    pk = series("sockets")

    store([beat("web", NOW + second, pk, second) for second in range(20)])

    points = read([pk], NOW, NOW + 20, 10)[pk]
    assert [points[NOW].sum, points[NOW + 10].sum] == [45, 145]
    assert points[NOW + 10].last == 19


def test_a_series_is_known_by_its_name_its_labels_and_its_source():
    pk = series("sockets", worker="a")

    registry.forget()

    assert series("sockets", worker="a") == pk
    assert len({pk, series("sockets", worker="b"), series("sockets"), series("sockets", 7)}) == 4
    assert [one.pk for one in find(name="sockets", labels={"worker": "a*"})] == [pk]
    assert [one.source for one in find(source=7)] == [7]


def test_a_second_that_is_told_again_changes_nothing():
    pk = series("sockets")
    store([beat("web", NOW, pk)])

    store([beat("web", NOW, pk), beat("web", NOW + 1, pk)])

    assert [one.beat for one in StoredReport.objects.order_by("rev")] == [NOW, NOW + 1]
    assert read([pk], NOW, NOW + 2, 1)[pk][NOW].count == 1


def test_what_is_sent_in_may_come_as_often_as_it_likes_within_a_second():
    pk = series("ticks", 7)

    store(
        [Report("feed", [(NOW, pk, single(1, NOW))]), Report("feed", [(NOW, pk, single(2, NOW))])]
    )

    assert read([pk], NOW, NOW + 1, 1)[pk][NOW].sum == 3


def test_revs_have_no_holes_and_lead_to_what_was_missed():
    pk = series("sockets")
    for second in range(3):
        store([beat("web", NOW + second, pk), beat("jobs", NOW + second, pk)])

    change = load("measures:1", 2)

    assert (change.after, change.rev, change.latest) == (2, 6, 6)
    assert [row.rev for row in change.rows] == [3, 4, 5, 6]


def test_who_missed_what_is_deleted_begins_afresh():
    Measures.current()
    Measures.objects.update(rev=9, floor=5)

    assert load("measures:1", 4).reset
    assert not load("measures:1", 5).reset


def test_distributions_stay_distributions():
    pk = series("seconds")

    store([Report("web", [(NOW, pk, spread([1, 2, 3], NOW))])])

    assert read([pk], NOW, NOW + 1, 1)[pk][NOW] == spread([1, 2, 3], NOW)


def test_there_is_room_for_so_many_series_and_no_more(settings):
    settings.MAX_SERIES, settings.MAX_SERIES_PER_SOURCE = 3, 2
    series("a", 7)
    series("b", 7)

    with pytest.raises(TooManySeries, match="such as c"):
        series("c", 7)
    series("c")
    with pytest.raises(TooManySeries):
        series("d")

    assert Series.objects.count() == 3
    assert series("a", 7)


def test_who_has_no_room_costs_nothing_the_next_time(settings, django_assert_num_queries):
    settings.MAX_SERIES_PER_SOURCE = 2
    series("a", 7)
    Series.objects.create(key="by another worker", source=7, name="b", kind="gauge")
    with pytest.raises(TooManySeries):
        series("c", 7)

    with django_assert_num_queries(0), pytest.raises(TooManySeries):
        series("d", 7)
    with django_assert_num_queries(0):
        series("b", 7)


def test_who_has_no_room_waits_for_nobodys_lock(settings):
    settings.MAX_SERIES_PER_SOURCE = 1
    series("a", 7)

    with CaptureQueriesContext(connection) as asked, pytest.raises(TooManySeries):
        series("b", 7)

    assert not [one for one in asked if "dashboard_measures" in one["sql"]]


def test_room_that_was_made_is_found_again_and_numbers_are_not_known_for_ever(
    settings, monkeypatch
):
    settings.MAX_SERIES_PER_SOURCE = 1
    gone = series("a", 7)
    with pytest.raises(TooManySeries):
        series("b", 7)
    Series.objects.filter(pk=gone).delete()
    now = time.monotonic()

    monkeypatch.setattr("time.monotonic", lambda: now + registry.KNOWN_SECONDS + 1)

    assert series("b", 7) != gone
    with pytest.raises(TooManySeries):
        series("a", 7)


def made_by(token: int, most: int | None, *names: str) -> list[str]:
    """Have a token of source 7 make series; returns for which there was no room."""
    wanted = [Described(key_of(name, {}, 7), "gauge", "", token, most) for name in names]
    try:
        series_for(wanted)
    except TooManySeries as error:
        return [key.name for key in error.keys]
    return []


def test_a_token_makes_as_many_series_as_it_may_and_others_their_own(settings):
    settings.MAX_SERIES_PER_SOURCE = 5

    assert made_by(1, 2, "a", "b", "c") == ["c"]
    assert made_by(1, 2, "a", "b") == []
    assert made_by(1, 2, "c") == ["c"]
    # What another one made, and what was there before, costs it nothing.
    assert made_by(2, None, "c", "d") == []
    assert made_by(1, 2, "a", "c", "d") == []
    # No token has more room than its source.
    assert made_by(3, 10, "e") == []
    assert made_by(3, 10, "f") == ["f"]
    assert list(Series.objects.order_by("name").values_list("name", "token")) == [
        ("a", 1), ("b", 1), ("c", 2), ("d", 2), ("e", 3),
    ]  # fmt: skip


def test_a_token_without_room_costs_nothing_until_it_may_make_more(django_assert_num_queries):
    made_by(1, 1, "a")
    assert made_by(1, 1, "b") == ["b"]

    with django_assert_num_queries(0):
        assert made_by(1, 1, "c", "d") == ["c", "d"]
    assert made_by(1, 2, "b") == []


def test_many_names_are_asked_for_in_parts(monkeypatch):
    monkeypatch.setattr(registry, "MOST_AT_ONCE", 3)
    wanted = [Described(key_of("m", {"n": str(number)}, 7), "gauge") for number in range(8)]

    with CaptureQueriesContext(connection) as asked:
        numbers = series_for(wanted)

    assert len(set(numbers.values())) == 8
    looked = [one["sql"] for one in asked if '"key" IN' in one["sql"]]
    assert max(len(re.findall("[0-9a-f]{32}", one)) for one in looked) == 3
