"""Series of which nothing is kept any more go, and those that are measured stay."""

import pytest

from dashboard.boards.catalogue import Catalogue
from dashboard.boards.scope import Scope
from dashboard.models import Chunk, Series, StoredReport
from dashboard.storage import registry
from dashboard.storage.points import single
from dashboard.storage.reading import read
from dashboard.storage.registry import TooManySeries
from dashboard.storage.reports import Report, store
from dashboard.storage.retiring import Retiring, delete_series
from dashboard.storage.rolling import Roller
from dashboard.storage.tiers import HOUR, TIERS
from dashboard.storage.trimming import trim
from tests.dashboard.series import series

NOW = 1_790_000_000 // HOUR * HOUR

pytestmark = pytest.mark.django_db(transaction=True)


def measured(*pks: int, at: int = NOW) -> None:
    store([Report("somebody", [(at, pk, single(1, at)) for pk in pks])])


def rolled_up() -> None:
    while Roller().roll_up():
        pass


def test_what_was_not_measured_for_as_long_as_anything_is_kept_makes_room(settings):
    settings.MAX_SERIES_PER_SOURCE = 2
    old, young = series("old", 7), series("young", 7)
    measured(old, young)
    rolled_up()
    later = NOW + TIERS[-1].kept + 2 * TIERS[-1].span
    measured(young, at=later)
    rolled_up()
    while trim(later):
        pass
    retiring = Retiring()

    assert [retiring.retire(), retiring.retire(), retiring.retire()] == [0, 1, 0]

    assert [one.name for one in Series.objects.all()] == ["young"]
    registry.forget()
    assert series("new", 7)
    with pytest.raises(TooManySeries):
        series("another", 7)


def test_what_is_measured_before_it_stands_anywhere_stays():
    retiring, pk = Retiring(), series("new")
    retiring.retire()
    measured(pk)

    assert retiring.retire() == 0

    rolled_up()
    assert retiring.retire() == 0
    assert read([pk], NOW, NOW + 1, 1)[pk][NOW].count == 1


def test_series_of_a_source_are_deleted_with_all_that_was_measured():
    theirs, ours = [series(name, 7) for name in "abc"], series("a")
    measured(*theirs, ours)
    rolled_up()

    assert delete_series(7) == 3

    assert [one.pk for one in Series.objects.all()] == [ours]
    assert set(Chunk.objects.values_list("series_id", flat=True)) == {ours}
    assert StoredReport.objects.count() == 1
    measured(*theirs)
    rolled_up()  # what a worker still had of them holds nobody up


def test_boards_know_that_series_have_gone():
    series("a", 7), series("b", 7)
    catalogue, scope = Catalogue(), Scope(own=True, sources={7: "web1"})
    catalogue.refresh()
    assert [one.name for one in catalogue.series(scope)] == ["a", "b"]

    Series.objects.filter(name="a").delete()
    catalogue.refresh()

    assert [one.name for one in catalogue.series(scope)] == ["b"]
    assert [one.name for one in catalogue.of_source(7)] == ["b"]
