"""Who looks at what: said by pages, kept by workers, and asked by other processes."""

import asyncio
import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from realtime_project.live import seeing
from realtime_project.live.database import in_database
from realtime_project.live.jobs import forget_old_sights
from realtime_project.live.models import Looking
from realtime_project.live.sight import (
    BEAT_SECONDS,
    LEASE_SECONDS,
    MAX_PLACES,
    REMEMBERED_SECONDS,
    Glance,
    Report,
    Seen,
    Sight,
    Sights,
    newest,
)
from tests.cast import make_person
from tests.sockets import connected

ALICE, BOB = 1, 2
stored = pytest.mark.django_db(transaction=True)


# --- what one worker knows ---------------------------------------------------------------------


def test_a_worker_knows_when_each_place_was_seen_and_how_far():
    sights = Sights()
    sights.note(ALICE, "room:7", 118, now=100)
    sights.note(ALICE, "room:8", 3, now=104)
    sights.note(BOB, "", 0, now=105)

    assert sights.report(now=110) == Report(
        110,
        {ALICE: {"room:7": Glance(118, 100), "room:8": Glance(3, 104)}, BOB: {"": Glance(0, 105)}},
    )


def test_there_is_news_only_while_somebody_looks():
    sights = Sights()
    assert not sights.has_news

    sights.note(ALICE, "room:7", 1, now=100)
    assert sights.has_news

    sights.report(now=101)
    assert not sights.has_news


def test_who_has_not_looked_for_long_is_forgotten():
    sights = Sights()
    sights.note(ALICE, "room:7", 1, now=100)
    sights.note(BOB, "room:7", 1, now=100)
    sights.note(ALICE, "room:8", 1, now=150)

    assert sights.report(now=101 + REMEMBERED_SECONDS).seen.keys() == {ALICE}
    assert sights.report(now=200 + 2 * REMEMBERED_SECONDS).seen == {}


def test_a_tab_that_lags_behind_takes_nothing_back():
    sights = Sights()
    sights.note(ALICE, "room:7", 118, now=100)
    sights.note(ALICE, "room:7", 90, now=101)

    assert sights.report(now=101).seen[ALICE] == {"room:7": Glance(118, 101)}


def test_nobody_takes_more_room_than_a_few_places():
    sights = Sights()
    for room in range(3 * MAX_PLACES):
        sights.note(ALICE, f"room:{room}", 1, now=room)
        sights.note(ALICE, "room:0", 1, now=room)

    kept = sights.report(now=3 * MAX_PLACES).seen[ALICE]
    assert len(kept) == MAX_PLACES
    assert {"room:0", f"room:{3 * MAX_PLACES - 1}"} <= kept.keys()


def test_a_page_that_misses_no_beat_never_loses_its_lease():
    slowest_word = BEAT_SECONDS + seeing.STORE_SECONDS
    assert slowest_word < LEASE_SECONDS


# --- what another process can ask --------------------------------------------------------------


def told(worker: str, seen: Seen, *, now: float = 0) -> None:
    """A worker has stored what its people look at; its clock shows `now`."""
    seeing.store(worker, seeing.encode(Report(now, seen)))


def ago(sight: Sight) -> timedelta:
    return timezone.now() - sight.at


def is_about(sight: Sight, seconds: float) -> bool:
    return abs(ago(sight) - timedelta(seconds=seconds)) < timedelta(seconds=5)


@stored
def test_sights_of_all_workers_are_told_for_those_who_are_asked_for():
    told("worker 1", {ALICE: {"room:7": Glance(5, 97)}, BOB: {"room:7": Glance(5, 97)}}, now=100)
    told("worker 2", {ALICE: {"room:8": Glance(9, 4970), "old": Glance(9, 4900)}}, now=5000)

    found = seeing.sights_of([ALICE, 3])

    assert found[3] == ()
    assert {(one.place, one.rev) for one in found[ALICE]} == {("room:7", 5), ("room:8", 9)}
    last = newest(found[ALICE])
    assert last is not None
    assert last.place == "room:7"
    assert is_about(last, 3)
    assert newest(found[ALICE], "room:9") is None


@stored
def test_a_worker_has_one_row_however_many_people_it_serves():
    for beat in range(3):
        told("worker 1", {person: {"": Glance(0, beat)} for person in range(1000)}, now=beat)

    assert Looking.objects.count() == 1
    assert len(seeing.sights_of(range(1000))) == 1000


@stored
def test_a_later_word_replaces_the_one_before_and_its_time():
    told("worker 1", {ALICE: {"room:7": Glance(5, 0)}})
    Looking.objects.update(told=timezone.now() - timedelta(minutes=1))
    assert is_about(seeing.sights_of([ALICE])[ALICE][0], 60)

    told("worker 1", {ALICE: {"room:7": Glance(6, 0)}})

    [sight] = seeing.sights_of([ALICE])[ALICE]
    assert sight.rev == 6
    assert is_about(sight, 0)


@stored
def test_a_worker_that_has_gone_says_nothing_any_more_and_is_forgotten():
    told("worker 1", {ALICE: {"room:7": Glance(5, 0)}})
    told("worker 2", {ALICE: {"room:7": Glance(5, 0)}})
    long_ago = timezone.now() - timedelta(hours=2)
    Looking.objects.filter(worker="worker 1").update(told=long_ago)

    assert len(seeing.sights_of([ALICE])[ALICE]) == 1
    forget_old_sights()

    assert [one.worker for one in Looking.objects.all()] == ["worker 2"]


# --- from a page to the one who asks -----------------------------------------------------------


async def seen(person: int, place: str) -> Sight:
    """Wait until another process can know that somebody looks at a place."""
    async with asyncio.timeout(60):
        while True:
            sights = (await in_database(seeing.sights_of, [person]))[person]
            if found := newest(sights, place):
                return found
            await asyncio.sleep(0.02)


@pytest.fixture
def alice():
    return make_person("alice")


@stored
async def test_what_a_page_shows_is_known_to_other_processes(alice, monkeypatch):
    monkeypatch.setattr(seeing, "STORE_SECONDS", 0.02)
    async with connected(alice) as page:
        await page.subscribe(people=None)

        assert await page.ask("presence.look", "people", place="room:7", rev=118) is None
        assert (await seen(alice.pk, "room:7")).rev == 118
        await page.ask("presence.look", "people")

        assert (await seen(alice.pk, "")).rev == 0


@stored
async def test_a_socket_that_is_open_and_silent_says_nothing(alice, monkeypatch):
    monkeypatch.setattr(seeing, "STORE_SECONDS", 0.02)
    async with connected(alice) as page, connected(alice) as other:
        await page.subscribe(people=None, me=None)
        await other.subscribe(people=None)
        await other.ask("presence.look", "people", place="room:8")
        await seen(alice.pk, "room:8")

        sights = (await in_database(seeing.sights_of, [alice.pk]))[alice.pk]

    assert [one.place for one in sights] == ["room:8"]


class Idle(Sights):
    """Nobody looks, which is noted when it was asked for often enough."""

    def __init__(self) -> None:
        self.asked = 0
        self.was_asked_often = asyncio.Event()
        super().__init__()

    @property
    def has_news(self) -> bool:
        self.asked += 1
        if self.asked == 20:
            self.was_asked_often.set()
        return False

    @has_news.setter
    def has_news(self, value: bool) -> None:
        pass


async def test_nothing_is_written_while_nobody_looks(monkeypatch):
    monkeypatch.setattr(seeing, "STORE_SECONDS", 0.001)
    written: list[object] = []
    monkeypatch.setattr(seeing, "store", lambda *args: written.append(args))
    idle = Idle()
    keeping = asyncio.ensure_future(seeing.keep_stored(idle, "worker 1"))
    async with asyncio.timeout(60):
        await idle.was_asked_often.wait()
    keeping.cancel()

    assert written == []


@stored
async def test_a_database_that_is_away_costs_a_push_too_many_and_no_more(alice, monkeypatch):
    monkeypatch.setattr(seeing, "STORE_SECONDS", 0.01)
    has_failed = threading.Event()

    def fail(*args: object) -> None:
        has_failed.set()
        raise OSError("away")

    with monkeypatch.context() as away:
        away.setattr(seeing, "store", fail)
        async with connected(alice) as page:
            await page.subscribe(people=None)
            await page.ask("presence.look", "people", place="room:7")
            assert await asyncio.to_thread(has_failed.wait, 60)
            away.undo()

            await page.ask("presence.look", "people", place="room:8")
            assert (await seen(alice.pk, "room:8")).place == "room:8"
