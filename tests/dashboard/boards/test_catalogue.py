"""What queries mean is looked for once, until there are other series."""

import threading
from typing import Any

import pytest

from dashboard.boards import catalogue as module
from dashboard.boards.catalogue import Catalogue
from dashboard.boards.scope import Scope
from dashboard.models import Series
from dashboard.queries import Query, matches

pytestmark = pytest.mark.django_db(transaction=True)

OURS = Scope(own=True, sources={})
ALL = Scope(own=True, sources={7: "web1", 8: "web2"})


def series(name: str, source: int | None = None, **labels: str) -> Series:
    key = f"{source}/{name}/{sorted(labels.items())}"
    return Series.objects.create(key=key, name=name, source=source, labels=labels, kind="gauge")


@pytest.fixture
def catalogue(transactional_db: None) -> Catalogue:
    series("lag", worker="web@0")
    series("lag", worker="web@1")
    series("queue", 7, host="a")
    series("queue", 8, host="a")
    return Catalogue()


def names(catalogue: Catalogue, query: Query, scope: Scope = ALL, worker: str = "") -> list[str]:
    catalogue.refresh()
    found = catalogue.select([query], scope, worker).values()
    return [f"{one.source}:{one.name}:{dict(one.labels).popitem()[1]}" for one in found]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which series were looked at."""
    seen: list[str] = []

    def looked(query: Query, one: Any) -> bool:
        seen.append(one.name)
        return matches(query, one)

    monkeypatch.setattr(module, "matches", looked)
    return seen


def test_what_a_query_means_is_looked_for_once(catalogue: Catalogue, looks: list[str]):
    query = Query("*", source="*")
    assert names(catalogue, query) == names(catalogue, query) == ["web1:queue:a", "web2:queue:a"]
    assert len(looks) == 4


def test_another_function_of_the_same_series_needs_no_other_look(
    catalogue: Catalogue, looks: list[str]
):
    names(catalogue, Query("lag", fn="max", by=("worker",)))
    names(catalogue, Query("lag", fn="avg", legend="{worker}"))
    assert looks == ["lag", "lag"]


def test_a_name_that_is_not_meant_costs_nothing_for_each_of_its_series(
    catalogue: Catalogue, looks: list[str]
):
    assert names(catalogue, Query("la*")) == [":lag:web@0", ":lag:web@1"]
    assert looks == ["lag", "lag"]


def test_each_scope_and_worker_has_its_own(catalogue: Catalogue):
    query = Query("*", source="*")
    assert names(catalogue, query, OURS) == []
    assert names(catalogue, query, Scope(own=True, sources={8: "web2"})) == ["web2:queue:a"]
    assert len(names(catalogue, query, ALL)) == 2
    assert names(catalogue, Query("lag"), worker="web@1") == [":lag:web@1"]
    assert names(catalogue, Query("lag")) == [":lag:web@0", ":lag:web@1"]
    assert names(catalogue, Query("lag"), Scope(own=False, sources={})) == []


def test_series_that_come_and_go_are_found_and_missed(catalogue: Catalogue):
    assert len(names(catalogue, Query("lag"))) == 2
    series("lag", worker="web@2")
    assert len(names(catalogue, Query("lag"))) == 3
    Series.objects.filter(labels={"worker": "web@0"}).delete()
    assert names(catalogue, Query("lag")) == [":lag:web@1", ":lag:web@2"]


def test_no_more_are_selected_than_can_be_shown(
    catalogue: Catalogue, looks: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "MAX_SELECTED", 1)
    catalogue.refresh()
    assert len(catalogue.select([Query("lag"), Query("queue", source="*")], ALL)) == 2
    assert looks == ["lag", "queue"]


def test_it_does_not_remember_more_than_so_many(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "MOST_FOUND", 2)
    for number in range(5):
        assert names(catalogue, Query("lag", labels={"worker": f"web@{number % 2}*"}))
        assert len(catalogue._found) <= 2


def test_who_looks_while_series_come_does_not_remember_what_they_missed(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
):
    catalogue.refresh()
    is_looking, go_on = threading.Event(), threading.Event()

    def held(query: Query, one: Any) -> bool:
        if threading.current_thread() is slow:
            is_looking.set()
            assert go_on.wait(60)
        return matches(query, one)

    monkeypatch.setattr(module, "matches", held)
    slow = threading.Thread(target=catalogue.select, args=([Query("lag")], ALL))
    slow.start()
    assert is_looking.wait(60)
    series("lag", worker="web@2")
    catalogue.refresh()
    go_on.set()
    slow.join(60)

    assert len(names(catalogue, Query("lag"))) == 3
