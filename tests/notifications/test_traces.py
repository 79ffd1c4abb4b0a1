"""The reasons for a decision are kept for a while, the last ones of each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications.decision import Code, Line
from notifications.jobs import forget_old_traces
from notifications.models import Trace
from notifications.traces import services
from notifications.traces.services import Traced, record
from notifications.traces.stored import read_lines, write_lines
from tests.cast import make_person

pytestmark = pytest.mark.django_db(transaction=True)

WAITED = (Line(Code.UNREAD), Line(Code.WAITING, {"channels": "push", "seconds": 15}))
READ = (Line(Code.READ), Line(Code.INBOX))


@pytest.fixture
def alice():
    return make_person("alice")


def test_the_lines_of_a_trace_are_read_as_they_were_written():
    assert read_lines(write_lines(WAITED)) == WAITED


def test_steps_of_another_version_are_passed_over():
    assert read_lines([["read_by_the_stars", {}], ["inbox", {}]]) == (Line(Code.INBOX),)


def test_what_is_decided_again_takes_the_place_of_what_was_decided_first(alice):
    record(Traced(alice.pk, "message:1", "chat.mention", WAITED))
    Trace.objects.update(decided=timezone.now() - timedelta(hours=1))
    record(
        Traced(alice.pk, "message:1", "chat.mention", WAITED),
        Traced(alice.pk, "message:1", "chat.mention", READ),
        Traced(alice.pk, "message:1", "chat.keyword", WAITED),
    )

    found = {one.kind: read_lines(one.lines) for one in Trace.objects.all()}
    assert found == {"chat.mention": READ, "chat.keyword": WAITED}
    assert all(timezone.now() - one.decided < timedelta(minutes=1) for one in Trace.objects.all())


def test_a_thousand_people_are_a_handful_of_statements(django_assert_max_num_queries):
    people = [make_person(f"person{number}").pk for number in range(3)]

    with django_assert_max_num_queries(6):
        record(*(Traced(one, f"message:{n}", "k", READ) for one in people for n in range(100)))

    assert Trace.objects.count() == 300


def test_traces_are_forgotten_after_two_weeks_a_part_at_a_time(alice, monkeypatch):
    monkeypatch.setattr(services, "MAX_AT_ONCE", 2)
    record(*(Traced(alice.pk, f"message:{number}", "k", READ) for number in range(6)))
    old = timezone.now() - timedelta(days=15)
    Trace.objects.exclude(subject="message:5").update(decided=old)

    forget_old_traces()

    assert [one.subject for one in Trace.objects.all()] == ["message:5"]
