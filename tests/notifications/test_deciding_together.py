"""Of many who are decided about at once, those who differ in nothing share one decision. Nobody
gets that of somebody else."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from notifications.decision import Event, KindFacts, Level, Standing
from notifications.models import Preferences, Regard, Trace
from notifications.reaching import Case, decide_each
from realtime_project.accounts.models import User
from realtime_project.live import seeing
from realtime_project.live.sight import Sights
from tests.cast import make_person

pytestmark = pytest.mark.django_db(transaction=True)

NOW = timezone.now()
KIND = KindFacts("chat.mention")
STANDINGS = [
    Standing(may_see=True),
    Standing(may_see=False),
    Standing(may_see=True, is_read=True),
    Standing(may_see=True, level=Level.NOTHING),
    Standing(may_see=True, muted_until=NOW + timedelta(hours=1)),
    Standing(may_see=True, told=NOW - timedelta(seconds=5)),
]


@pytest.fixture
def people() -> list[User]:
    """Two who have chosen nothing, and one each who lives elsewhere, has muted everything, has
    muted the first, and looks at the room."""
    anna, ben, carl, dora, emil, frida = [
        make_person(name) for name in ("anna", "ben", "carl", "dora", "emil", "frida")
    ]
    User.objects.filter(pk=carl.pk).update(time_zone="Asia/Tokyo")
    Preferences.objects.create(person=dora, muted_until=NOW + timedelta(days=1))
    Regard.objects.create(person=emil, other=anna, how=Regard.How.MUTED)
    sights = Sights()
    sights.note(frida.pk, "room:7", 3, 1.0)
    seeing.store("worker", seeing.encode(sights.report(1.0)))
    return [anna, ben, carl, dora, emil, frida]


def test_many_at_once_are_decided_about_as_each_of_them_alone(people: list[User]):
    event = Event(KIND, NOW, actor=people[0].pk, place="room:7", rev=5)
    later = Event(KIND, NOW - timedelta(hours=1), actor=people[1].pk, place="room:7", rev=2)
    cases = [
        Case(person.pk, about, standing)
        for person, about, standing in product(people, (event, later), STANDINGS)
    ]

    together = decide_each(cases, now=NOW)

    assert together == [decide_each([case], now=NOW)[0] for case in cases]
    assert len({one.trace[-1].code for one in together}) > 3


def test_the_reasons_of_each_are_kept_as_their_own(people: list[User]):
    event = Event(KIND, NOW, actor=people[0].pk, place="room:7", rev=5)
    cases = [Case(one.pk, event, STANDINGS[0], "message:1") for one in people]

    decisions = decide_each(cases, now=NOW)

    kept = dict(Trace.objects.values_list("person", "lines"))
    last = {person: lines[-1][0] for person, lines in kept.items()}
    assert last == {
        one.pk: made.trace[-1].code.value for one, made in zip(people, decisions, strict=True)
    }


def test_how_long_a_reader_is_waited_for_is_what_the_installation_wants(people, settings):
    frida = people[-1]
    event = Event(KIND, timezone.now(), actor=people[0].pk, place="room:7", rev=5)
    for seconds in (15, 3):
        settings.READER_SECONDS = seconds
        [decision] = decide_each([Case(frida.pk, event, STANDINGS[0])], now=event.happened)

        assert decision.delay == timedelta(seconds=seconds)
