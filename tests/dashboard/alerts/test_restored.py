"""A backup is restored beneath the leader: its revs and series mean something else from then on."""

import pytest

from dashboard.logs.lines import Line
from dashboard.logs.storing import store as keep_lines
from dashboard.models import Chunk, Log, LogBatch, Measures, Series, StoredReport
from dashboard.models.alerts import Alert
from dashboard.storage import anew, registry
from realtime_project.live.models import Installation, new_epoch
from tests.dashboard.alerts.watching import Watch, make_rule, measure, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def it_knows_the_epoch() -> None:
    anew.look()


def restore_before_anything_was_stored() -> None:
    """What rules, alerts and series there are stays; nothing was ever measured or logged."""
    for model in (StoredReport, Chunk, LogBatch):
        model.objects.all().delete()
    Measures.objects.update(rev=0, floor=0)
    Log.objects.update(rev=0, floor=0)
    Installation.objects.update(epoch=new_epoch())
    # Whoever stores from now on is another process.
    registry.forget()


def log(at: float, text: str) -> None:
    keep_lines([Line(at, "error", "app", "web@0", "live.hub", text)], origin="web@0")


def test_lines_are_counted_anew_though_the_log_has_come_as_far_as_before() -> None:
    make_rule(watch="log", query={"text": "lost"}, window=60, threshold=1, clear=0)
    watch = Watch().sees(None)
    log(watch.at + 5, "lost")
    log(watch.at + 5, "found")
    watch.sees(None)
    assert Alert.objects.count() == 0

    restore_before_anything_was_stored()
    log(watch.at + 5, "lost")
    log(watch.at + 5, "lost")
    log(watch.at + 5, "found")
    watch.sees(None)

    # Two since then; the one from before has never happened, and none is passed by.
    assert Alert.objects.get().value == 2.0


def test_lines_from_before_do_not_count_any_more() -> None:
    make_rule(watch="log", query={"text": "lost"}, window=60, threshold=0, clear=0)
    watch = Watch().sees(None)
    log(watch.at + 5, "lost")
    watch.sees(None)
    assert told() == ["firing"]

    restore_before_anything_was_stored()
    log(watch.at + 5, "found")
    watch.sees(None)

    assert told() == ["firing", "resolved"]


def test_what_was_measured_is_read_anew_though_reports_have_come_as_far_as_before() -> None:
    make_rule(window=60, query={"metric": "lag", "fn": "max"})
    watch = Watch().sees(0.1, 0.1)

    restore_before_anything_was_stored()
    for value in (0.9, 0.1, 0.1, 0.1):
        measure(watch.at + 1, value)
    watch.sees(None)

    assert told() == ["firing"]


def test_what_was_measured_before_is_over() -> None:
    make_rule(window=60, query={"metric": "lag", "fn": "max"})
    watch = Watch().sees(0.1, 0.9)
    assert told() == ["firing"]

    restore_before_anything_was_stored()
    for _report in range(4):
        measure(watch.at + 1, 0.1)
    watch.sees(None)

    assert told() == ["firing", "resolved"]


def test_a_series_that_has_anothers_number_now_is_not_taken_for_it() -> None:
    make_rule(query={"metric": "lag", "fn": "max"})
    watch = Watch().sees(0.1)
    [number] = Series.objects.filter(name="lag").values_list("pk", flat=True)

    restore_before_anything_was_stored()
    Series.objects.filter(pk=number).update(key="other", name="other")
    for _report in range(4):
        measure(watch.at + 1, 0.9, number)
    watch.sees(None)

    assert told() == []
