"""Jobs that do not come, and lines that are logged too often."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.alerts import counted, rounds
from dashboard.logs.lines import Line, unpack
from dashboard.logs.storing import store
from dashboard.models import Heartbeat, IngestSource, Log, LogBatch
from dashboard.models.alerts import Alert
from tests.dashboard.alerts.watching import Watch, make_rule, told

pytestmark = pytest.mark.django_db(transaction=True)


def log(at: float, text: str, *, level: str = "error") -> None:
    store([Line(at, level, "app", "web@0", "live.hub", text)], origin="web@0")


def backup(done: int, *, slug: str = "backup") -> Heartbeat:
    source, _is_new = IngestSource.objects.get_or_create(slug="ops", title="Ops")
    return Heartbeat.objects.create(
        source=source,
        slug=slug,
        period=timedelta(seconds=60),
        grace=timedelta(seconds=20),
        done=datetime.fromtimestamp(done, UTC),
    )


def test_a_job_that_does_not_come_is_missed_until_it_comes() -> None:
    make_rule(watch="heartbeat", query={"slug": "back*"})
    watch = Watch()
    beat = backup(watch.at)
    watch.sees(*[None] * 8)
    assert told() == []

    watch.sees(None)
    assert told() == ["firing"]
    assert Alert.objects.get().labels == {"source": "ops", "job": "backup"}

    beat.done = datetime.fromtimestamp(watch.at, UTC)
    beat.save()
    watch.sees(None)
    assert told() == ["firing", "resolved"]


def test_a_job_that_failed_is_an_alert_until_it_is_done() -> None:
    make_rule(watch="heartbeat", query={})
    watch = Watch()
    beat = backup(watch.at)
    watch.sees(None)
    assert told() == []

    beat.failed = datetime.fromtimestamp(watch.at + 5, UTC)
    beat.save()
    watch.sees(None)
    assert told() == ["firing"]
    assert Alert.objects.get().value == 5.0

    beat.started = datetime.fromtimestamp(watch.at + 5, UTC)
    beat.save()
    watch.sees(None)
    assert told() == ["firing"]

    beat.done = datetime.fromtimestamp(watch.at + 5, UTC)
    beat.save()
    watch.sees(None)
    assert told() == ["firing", "resolved"]


def test_one_that_failed_and_is_late_has_not_been_done_for_the_longer_of_both() -> None:
    make_rule(watch="heartbeat", query={})
    watch = Watch()
    beat = backup(watch.at)
    beat.failed = datetime.fromtimestamp(watch.at + 85, UTC)
    beat.save()
    watch.sees(*[None] * 8)
    assert told() == []

    watch.sees(None)
    assert Alert.objects.get().value == 10.0


def test_a_job_that_a_rule_does_not_mean_is_not_missed() -> None:
    make_rule(watch="heartbeat", query={"slug": "back*"})
    watch = Watch()
    backup(watch.at - 10_000, slug="reports")
    watch.sees(*[None] * 10)

    assert told() == []


def test_a_job_that_was_due_while_nobody_listened_has_its_grace_once_more() -> None:
    make_rule(watch="heartbeat", query={})
    watch = Watch()
    backup(watch.at)
    watch.at += 3_600
    watch.sees(None, None)
    assert told() == []

    watch.sees(None, None)
    assert told() == ["firing"]


def test_lines_are_counted_over_the_window() -> None:
    make_rule(
        watch="log", query={"text": "Lost", "level": "error"}, window=30, threshold=2, clear=2
    )
    watch = Watch()
    for _step in range(3):
        log(watch.at + 5, "lost the database")
        log(watch.at + 5, "found the database")
        log(watch.at + 5, "lost a little", level="warning")
        watch.sees(None)
    assert told() == ["firing"]
    assert Alert.objects.get().value == 3.0

    watch.sees(None, None)
    assert told() == ["firing", "resolved"]


def test_lines_that_come_late_are_counted_once() -> None:
    make_rule(watch="log", query={"regex": "lost .*base"}, window=60, threshold=1, clear=0)
    watch = Watch().sees(None, None)
    log(watch.at - 12, "lost the database")
    watch.sees(None)
    log(watch.at - 12, "lost the base")
    watch.sees(None)
    assert Alert.objects.get().value == 2.0

    rounds.look_at(range(watch.at, watch.at + 1, 10), 0)
    watch.sees(None)
    assert Alert.objects.get().value == 2.0


def test_a_batch_is_opened_once_whatever_its_lines_say_of_when_they_were_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[bytes] = []

    def unpacked(body: bytes) -> list[Line]:
        opened.append(body)
        return unpack(body)

    monkeypatch.setattr(counted, "unpack", unpacked)
    make_rule(watch="log", query={"text": "lost"}, window=60, threshold=1, clear=0)
    watch = Watch().sees(None)
    # From long ago until a moment ahead: a step of any time lies within it.
    lines = [Line(at, "error", "app", "web@0", "", "lost") for at in (1.0, watch.at + 55.0)]
    store(lines, origin="web@0")

    watch.sees(*[None] * 4)
    assert (len(opened), told()) == (1, [])

    log(watch.at + 5, "lost")
    watch.sees(None, None)
    assert (len(opened), told()) == (2, ["firing"])


def test_lines_are_counted_though_they_come_minutes_late() -> None:
    make_rule(watch="log", query={"text": "lost"}, window=600, threshold=0, clear=0)
    watch = Watch().sees(*[None] * 20)
    log(watch.at - 150, "lost the database")

    watch.sees(None)

    assert told() == ["firing"]


def test_after_a_backup_was_restored_lines_are_counted_anew() -> None:
    make_rule(watch="log", query={"text": "lost"}, window=60, threshold=1, clear=0)
    watch = Watch().sees(None)
    for _line in range(3):
        log(watch.at + 5, "found")
    watch.sees(None)

    LogBatch.objects.all().delete()
    Log.objects.update(rev=0)
    log(watch.at + 5, "lost")
    log(watch.at + 5, "lost")
    watch.sees(None)

    assert Alert.objects.get().value == 2.0
