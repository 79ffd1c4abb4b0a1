"""A large audience is told by two at once, where the database lets two write."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from threading import Event, current_thread
from typing import Any

import pytest
from django.db import connections

from notifications import outbox, services
from notifications.models import Happening, Notification
from notifications.notices import Notice
from notifications.services import fan_out
from realtime_project.accounts.models import User
from tests.notifications.test_outbox import make_crowd, told

pytestmark = pytest.mark.django_db(transaction=True)
SECONDS = 60


@pytest.fixture
def crowd() -> list[User]:
    return make_crowd(200)


@pytest.fixture
def is_over() -> Event:
    return Event()


@pytest.fixture(autouse=True)
def poked(monkeypatch: pytest.MonkeyPatch, is_over: Event) -> None:
    """Everybody is poked, until that is over; ten in a batch."""
    outbox.find("notifications.retracted")  # the apps have declared theirs
    monkeypatch.setattr(outbox, "_tells", {**outbox._tells})
    monkeypatch.setattr(outbox, "_signatures", {**outbox._signatures})
    monkeypatch.setattr(fan_out, "MAX_PEOPLE", {"sqlite": 10, "postgresql": 10})

    def poke_everybody(page: outbox.Page) -> list[Notice]:
        if is_over.is_set():
            return []
        people = User.objects.filter(pk__gt=page.after).order_by("pk").values_list("pk", flat=True)
        return [Notice(pk, "tests.poke", group="poked", key="1") for pk in people[: page.limit]]

    outbox.tells("tests.poked")(poke_everybody)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


def tidily(tell: Callable[[], Any]) -> Any:
    """Tell in a thread that comes and goes."""
    try:
        return tell()
    finally:
        connections.close_all()


def until_all_is_told(tell: Callable[[], bool]) -> None:
    while Happening.objects.exists():
        tell()


def test_two_tell_everybody_once(crowd: list[User], threads: ThreadPoolExecutor) -> None:
    services.happened("tests.poked")
    tellers = (services.tell_what_happened, services.tell_the_rest)

    for one in [threads.submit(tidily, partial(until_all_is_told, tell)) for tell in tellers]:
        one.result(SECONDS)

    assert [person for person, _params in told()] == [one.pk for one in crowd]


def test_what_has_begun_is_shared_and_each_does_a_part(crowd: list[User]) -> None:
    services.happened("tests.poked")
    services.tell_what_happened()
    assert [person for person, _params in told()] == [one.pk for one in crowd[:10]]

    assert services.tell_the_rest() is fan_out.can_share()

    if fan_out.can_share():
        parts = dict(Happening.objects.values_list("told_until", "tell_until"))
        assert len(parts) == 2
        assert parts[max(parts)] is None
    until_all_is_told(services.tell_what_happened)
    assert [person for person, _params in told()] == [one.pk for one in crowd]


def test_what_happens_meanwhile_is_told_in_its_turn_and_not_beside(crowd: list[User]) -> None:
    services.happened("tests.poked")

    assert not services.tell_the_rest()

    assert not Notification.objects.exists()


def test_what_is_told_beside_is_taken_back_with_the_rest(
    crowd: list[User],
    threads: ThreadPoolExecutor,
    is_over: Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    services.happened("tests.poked")
    services.tell_what_happened()
    slow, telling, go_on = [], Event(), Event()
    tell_of = fan_out._tell_of

    def slowly(happenings: list[Happening]) -> int:
        count = tell_of(happenings)
        if current_thread() in slow:
            telling.set()
            go_on.wait(SECONDS)
        return count

    monkeypatch.setattr(fan_out, "_tell_of", slowly)

    def beside() -> bool:
        slow.append(current_thread())
        return services.tell_the_rest()

    other = threads.submit(tidily, beside)
    if fan_out.can_share():
        assert telling.wait(SECONDS)
    is_over.set()
    services.forget_group("poked")
    taking = threads.submit(tidily, services.tell_what_happened)
    wait([taking], timeout=0.5)
    go_on.set()
    assert other.result(SECONDS) is fan_out.can_share()
    taking.result(SECONDS)
    until_all_is_told(services.tell_what_happened)

    assert not Notification.objects.there().exists()
