"""Each worker holds what was measured within the last quarter of an hour, whoever measured it."""

import asyncio
import time
from threading import Event
from typing import Any

import pytest

from dashboard.models import Measures, StoredReport
from dashboard.storage import following
from dashboard.storage import window as windows
from dashboard.storage.codec import encode_report
from dashboard.storage.points import single
from dashboard.storage.reports import Report, Told, store
from dashboard.storage.window import Window
from realtime_project.live.check import check
from realtime_project.live.database import in_database, write_in_database
from realtime_project.live.hub import Hub
from tests.live.streams import until

NOW = int(time.time())
SOCKETS, PEOPLE = 1, 2


def body(*points: tuple[int, int, float]) -> bytes:
    return encode_report((second, pk, single(value, second)) for second, pk, value in points)


def test_what_several_processes_measured_of_a_second_is_merged():
    window = Window()
    window.add(1, body((NOW, SOCKETS, 3), (NOW, PEOPLE, 1)))
    window.add(2, body((NOW, SOCKETS, 4), (NOW + 1, SOCKETS, 5)))

    points = window.points([SOCKETS], NOW, NOW + 2)

    assert {second: point.sum for second, point in points[SOCKETS].items()} == {NOW: 7, NOW + 1: 5}


def test_a_report_that_comes_again_changes_nothing():
    window = Window()
    for _ in range(2):
        window.add(1, body((NOW, SOCKETS, 3)))

    assert window.points([SOCKETS], NOW, NOW + 1)[SOCKETS][NOW].count == 1


def test_only_so_much_is_held(monkeypatch):
    monkeypatch.setattr(windows, "MOST_BYTES", 10 * len(body((NOW, SOCKETS, 3))))
    monkeypatch.setattr(windows, "MOST_DECODED", 2)
    window = Window()

    for number in range(20):
        window.add(number + 1, body((NOW + number, SOCKETS, 3)))

    assert sorted(window.points([SOCKETS], NOW, NOW + 20)[SOCKETS]) == list(
        range(NOW + 10, NOW + 20)
    )


def test_what_is_read_of_it_stays_in_memory_by_its_size_and_not_by_its_number(monkeypatch):
    large = body(*((NOW, pk, 3) for pk in range(500)))
    monkeypatch.setattr(windows, "MOST_DECODED_BYTES", 3 * len(large))
    window = Window()
    for number in range(20):
        window.add(number + 1, large)

    assert window.points([SOCKETS], NOW, NOW + 1)[SOCKETS][NOW].count == 20
    assert len(window._decoded) == 3
    assert window._decoded_bytes == 3 * len(large)


def test_what_is_told_of_long_ago_is_left_out():
    window = Window()
    window.add(1, body((NOW, SOCKETS, 3)), sent=NOW + 0.5)
    long_ago = [(NOW - 5_000 - number, SOCKETS, 1) for number in range(2_000)]

    window.add(2, body((NOW - 899, SOCKETS, 4), *long_ago))
    window.add(3, body(*long_ago))

    assert sorted(window.points([SOCKETS], 0, 2**40)[SOCKETS]) == [NOW - 899, NOW]
    assert window._bytes < 200
    assert (window.rev, window.has_hole) == (3, False)


def test_a_clock_that_was_set_back_leaves_nothing_out():
    window = Window()
    window.add(1, body((NOW + 7_200, SOCKETS, 3)), sent=NOW + 7_200)

    window.add(2, body((NOW, SOCKETS, 4)), sent=NOW)

    assert sorted(window.points([SOCKETS], NOW, NOW + 1)[SOCKETS]) == [NOW]


class Seconds(dict[int, list[int]]):
    """Counts how many seconds were looked at."""

    looked = 0

    def get(self, *second: Any) -> Any:
        self.looked += 1
        return super().get(*second)

    def __iter__(self) -> Any:
        for second in super().__iter__():
            self.looked += 1
            yield second


def test_a_few_seconds_are_found_without_looking_at_all_of_them():
    window = Window()
    for number in range(500):
        window.add(number + 1, body((NOW + number, SOCKETS, 3)))
    window._by_second = seconds = Seconds(window._by_second)

    found = window.points([SOCKETS], NOW + 490, NOW + 500)

    assert len(found[SOCKETS]) == 10
    assert seconds.looked == 10


async def test_who_follows_is_told_at_once_of_all_that_came_within_half_a_second(monkeypatch):
    monkeypatch.setattr(windows, "ADVANCE_SECONDS", 0.05)
    window, told = Window(), []
    window.on_advance(lambda rev, changed: told.append((rev, changed)))

    window.add(1, body((NOW, SOCKETS, 3)))
    window.add(2, body((NOW, PEOPLE, 3)))

    await until(lambda: told)
    assert told == [(2, {(SOCKETS, NOW), (PEOPLE, NOW)})]


class Following:
    """A window that follows a hub of its own, as in another worker: nobody tells it anything."""

    def __init__(self) -> None:
        self.hub, self.window, self.heard = Hub(), Window(), list[Told]()
        self.hub.start()
        self._task = asyncio.ensure_future(
            following.keep_following(self.window, self.hub, self.heard.append)
        )

    async def reaches(self, rev: int) -> None:
        """Nobody tells it anything: the check does."""
        async with asyncio.timeout(60):
            while self.window.rev < rev or self.window.has_hole:
                await check(self.hub)

    def seconds(self) -> list[int]:
        return sorted(self.window.points([SOCKETS], 0, 2**40)[SOCKETS])

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@pytest.fixture
async def follower(transactional_db, monkeypatch):
    # Not when this file was read: a run of everything takes longer than reports are looked back at.
    monkeypatch.setitem(globals(), "NOW", int(time.time()))
    monkeypatch.setattr(following, "LOOK_SECONDS", 0.05)
    one = Following()
    yield one
    await one.end()


async def measured(*seconds: int) -> None:
    reports = [Report("web", [(at, SOCKETS, single(1, at))], heartbeat=True) for at in seconds]
    await write_in_database(following.KEY, store, reports)


async def test_it_begins_with_what_was_stored_lately_and_goes_on_from_there(follower):
    await measured(NOW - 3600, NOW - 2, NOW - 1)
    await until(lambda: follower.hub.is_tapped(following.KEY))
    await measured(NOW)
    await follower.reaches(4)
    assert follower.seconds()[-3:] == [NOW - 2, NOW - 1, NOW]


async def test_what_is_stored_while_it_begins_is_not_missed(transactional_db, monkeypatch):
    is_read, is_checked, read = Event(), Event(), following._recent

    def read_slowly():
        found = read()
        is_read.set()
        is_checked.wait(60)
        return found

    monkeypatch.setattr(following, "_recent", read_slowly)
    monkeypatch.setattr(following, "LOOK_SECONDS", 0.05)
    one = Following()
    await until(is_read.is_set)
    await measured(int(time.time()))
    await check(one.hub)

    is_checked.set()

    await until(lambda: one.window.rev == 1 and not one.window.has_hole)
    await one.end()


async def test_what_nobody_told_is_read_and_known_to_have_been_missing(follower):
    await measured(NOW)
    await follower.reaches(1)

    await measured(NOW + 1)
    await follower.reaches(2)
    assert [told.is_announced for told in follower.heard][-1:] == [False]


async def test_who_was_away_for_longer_than_reports_are_kept_begins_anew(follower):
    await measured(NOW, NOW + 1)
    await follower.reaches(2)

    await measured(NOW + 2, NOW + 3)
    await in_database(_forget, 3)
    await check(follower.hub)
    await until(lambda: follower.hub.feed(following.KEY, following._load).rev == 4)
    await measured(NOW + 4)
    await follower.reaches(5)
    assert follower.seconds() == [NOW + 3, NOW + 4]


async def test_after_a_backup_was_restored_it_begins_anew(follower):
    await measured(NOW, NOW + 1)
    await follower.reaches(2)

    await in_database(_restore, 1)
    follower.hub.begin_anew()

    await until(lambda: follower.window.rev == 1 and follower.hub.is_tapped(following.KEY))
    assert follower.seconds() == [NOW]


def _forget(rev: int) -> None:
    StoredReport.objects.filter(rev__lte=rev).delete()
    Measures.objects.update(floor=rev)


def _restore(rev: int) -> None:
    StoredReport.objects.filter(rev__gt=rev).delete()
    Measures.objects.update(rev=rev)
