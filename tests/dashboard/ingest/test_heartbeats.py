"""Jobs tell that they were done, and those that do not are known."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.utils import timezone

from dashboard.ingest.heartbeats import Beat, State, beat, overdue, state_of
from dashboard.models import Heartbeat, IngestSource

pytestmark = pytest.mark.django_db

START = timezone.now()
HOUR = timedelta(hours=1)


@pytest.fixture
def source() -> IngestSource:
    return IngestSource.objects.create(slug="web1", title="web1")


def tell(source: IngestSource, what: Beat = Beat.DONE, *, at: datetime = START, said: str = ""):
    with patch("dashboard.ingest.heartbeats.timezone.now", return_value=at):
        return beat(source=source.pk, slug="backup", what=what, said=said, every=HOUR)


def test_one_that_says_how_often_it_comes_is_made(source: IngestSource):
    heartbeat = tell(source, said="12 files")

    assert (heartbeat.period, heartbeat.grace) == (HOUR, HOUR / 4)
    assert (heartbeat.done, heartbeat.said) == (START, "12 files")


def test_one_that_nobody_knows_is_not_there(source: IngestSource):
    with pytest.raises(Heartbeat.DoesNotExist):
        beat(source=source.pk, slug="backup")


def test_a_source_cannot_make_as_many_as_it_likes(source: IngestSource):
    Heartbeat.objects.bulk_create(
        Heartbeat(source=source, slug=f"job{number}") for number in range(200)
    )

    with pytest.raises(Heartbeat.DoesNotExist):
        tell(source)


def test_telling_again_does_not_change_how_often_it_comes(source: IngestSource):
    tell(source)

    beat(source=source.pk, slug="backup", every=24 * HOUR)

    assert Heartbeat.objects.get().period == HOUR


def test_it_is_known_how_long_a_job_took(source: IngestSource):
    tell(source, Beat.START)

    heartbeat = tell(source, at=START + timedelta(minutes=2))

    assert heartbeat.took == timedelta(minutes=2)


def test_a_start_belongs_to_one_run(source: IngestSource):
    tell(source, Beat.START)
    tell(source, Beat.FAIL, at=START + timedelta(minutes=2))

    heartbeat = tell(source, at=START + timedelta(minutes=30))

    assert heartbeat.took is None


def test_how_a_job_stands_goes_by_what_it_told_last(source: IngestSource):
    minute = timedelta(minutes=1)
    assert state_of(tell(source, Beat.START), START) is State.RUNNING
    assert state_of(tell(source, Beat.FAIL, at=START + minute), START + minute) is State.FAILED
    assert state_of(tell(source, at=START + 2 * minute), START + 2 * minute) is State.DONE


def test_one_that_never_came_is_new_and_then_missed(source: IngestSource):
    made = Heartbeat.objects.create(source=source, slug="backup", period=HOUR, grace=HOUR)

    assert state_of(made, made.created + 2 * HOUR) is State.NEW
    assert state_of(made, made.created + 2 * HOUR + timedelta(seconds=1)) is State.MISSED


def test_one_is_overdue_when_its_grace_is_over(source: IngestSource):
    heartbeat = tell(source)
    late = START + HOUR * 5 / 4

    assert overdue(late) == []
    assert overdue(late + timedelta(seconds=1)) == [heartbeat]


def test_a_start_or_a_failure_does_not_count_as_done(source: IngestSource):
    heartbeat = tell(source)
    late = START + 2 * HOUR
    tell(source, Beat.START, at=late)
    tell(source, Beat.FAIL, at=late)

    assert overdue(late) == [heartbeat]
