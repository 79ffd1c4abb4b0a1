"""A process stores each second that it measured, also those that the database did not take."""

import pytest
from django.db import OperationalError

from dashboard import jobs
from dashboard.measuring import backlog
from dashboard.measuring import reporter as reporters
from dashboard.measuring.reporter import Reporter
from dashboard.measuring.sampling import Sampler
from dashboard.models import Series, StoredReport
from dashboard.storage.reading import find, read
from dashboard.storage.rolling import Roller
from realtime_project.live import metrics
from realtime_project.live.metrics import Counter, Counters

pytestmark = pytest.mark.django_db(transaction=True)


class Played:
    """A reporter whose monotonic clock the test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(metrics, "table", [])
        self.monotonic = 1000.0
        monkeypatch.setattr("time.monotonic", lambda: self.monotonic)
        self.posts = Counter("posts_total", "Posts")
        self.closes = Counters("closes_total", "Closes", "code")
        self.reporter = Reporter("web-1", Sampler(metrics.table, "web"))
        self.reporter.store()  # asks for the time

    def measure(self, posts: int) -> None:
        """A second with so many posts."""
        self.posts.n += posts
        self.monotonic += 1
        self.reporter.measure()

    def stored(self) -> list[float]:
        """How many posts are stored for each second, in order."""
        [series] = find(name="posts_total")
        found = read([series.pk], 0, 2**40, 1)[series.pk]
        return [found[second].sum for second in sorted(found)]


@pytest.fixture
def played(monkeypatch):
    return Played(monkeypatch)


def test_every_second_is_stored_once(played):
    for posts in (3, 0, 2):
        played.measure(posts)
        played.reporter.store()
    played.reporter.store()

    beats = [one.beat or 0 for one in StoredReport.objects.order_by("rev")]
    assert beats == list(range(beats[0], beats[0] + 3))
    assert played.stored()[-3:] == [3, 0, 2]


def test_who_is_called_two_seconds_late_tells_each_second_and_nothing_twice(played):
    played.measure(1)
    played.posts.n += 4
    played.monotonic += 2
    played.measure(3)

    played.reporter.store()

    beats = [one.beat or 0 for one in StoredReport.objects.order_by("rev")]
    assert beats == list(range(beats[0], beats[0] + 4))
    # What was counted before anybody looked belongs to the first of them.
    assert played.stored() == [1, 7, 0, 0]


def test_what_was_measured_while_the_database_was_away_is_stored_afterwards(played, monkeypatch):
    with monkeypatch.context() as away:
        away.setattr(reporters, "store", _refuse)
        for posts in (1, 2, 3):
            played.measure(posts)
            with pytest.raises(OperationalError):
                played.reporter.store()

    played.reporter.store()

    assert played.stored()[-3:] == [1, 2, 3]
    assert len(played.reporter.backlog) == 0
    assert {one.sent for one in StoredReport.objects.all()} == {None}


def test_an_hour_waits_and_no_more(played, monkeypatch):
    assert backlog.MOST_SECONDS == 3600
    waiting = backlog.Backlog()

    for second in range(4000):
        waiting.put("web-1", second, {0: 1.0})

    assert len(waiting) == 3600
    assert [one.second for one in waiting.oldest(2)] == [400, 401]


def test_what_was_dropped_while_it_was_stored_takes_nothing_with_it():
    waiting = backlog.Backlog()
    for second in range(3600):
        waiting.put("web-1", second, {0: 1.0})
    stored = waiting.oldest(2)
    waiting.put("web-1", 3600, {0: 1.0})

    waiting.drop(stored)

    assert [one.second for one in waiting.oldest(1)] == [2]


def test_what_finds_no_room_is_left_out_and_the_rest_is_kept(played, settings):
    settings.MAX_SERIES = 1
    played.measure(1)
    played.reporter.store()
    played.closes.by["1000"] += 1
    played.measure(2)

    played.reporter.store()

    assert [one.name for one in Series.objects.all()] == ["posts_total"]
    assert played.stored() == [1, 2]


def test_the_process_that_does_jobs_tells_of_itself():
    jobs.reporter.cache_clear()

    described = jobs.reporter()._sampler.series

    names = {one.key.name for one in described}
    assert {"process_cpu_seconds_total", "signalbox_jobs_waiting"} <= names
    assert all(dict(one.key.labels)["worker"].endswith(":jobs") for one in described)


def test_what_is_old_is_deleted_by_the_clock_of_the_database(played, monkeypatch):
    played.measure(1)
    played.reporter.store()
    monkeypatch.setattr("time.time", lambda: 2**40)  # somebody has set this machine's clock
    roller = Roller()
    while roller.roll_up():
        pass

    jobs.trim()

    assert played.stored() == [1]


def _refuse(reports: object) -> None:
    raise OperationalError("the database is away")
