"""Reports are the one way in: each is stored once, numbered, and told to every worker."""

import pytest

from dashboard.models import Measures, Series, StoredReport
from dashboard.storage import registry
from dashboard.storage.points import single, spread
from dashboard.storage.reading import find, read
from dashboard.storage.registry import TooManySeries
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
