"""Deciding about many people at once, and keeping the reasons.

Whoever tells people of something calls this: it reads what they wish and what they look at, asks
the pure decision for each, and keeps the traces in the caller's transaction.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from notifications.decision import Decision, Event, PersonState, Standing, decide
from notifications.preferences.queries import wishes_of
from notifications.traces.services import Traced, record
from realtime_project.live.seeing import sights_of


@dataclass(frozen=True)
class Case:
    """An event and somebody whom it may concern."""

    person: int
    event: Event
    standing: Standing
    subject: str = ""
    """How whoever asks why names the event, such as `message:118`; without it no trace is kept."""


def decide_all(
    event: Event, standings: Mapping[int, Standing], *, subject: str, now: datetime
) -> dict[int, Decision]:
    """Decide about an event for everybody whom it may concern, by how it stands with them."""
    cases = [Case(person, event, one, subject) for person, one in standings.items()]
    return dict(zip(standings, decide_each(cases, now=now), strict=True))


def decide_each(cases: Sequence[Case], *, now: datetime) -> list[Decision]:
    """Decide about each of these. A decision with a delay is to be made again after it, with
    standings as they are then."""
    people = {case.person for case in cases}
    wishes, sights = wishes_of(people), sights_of(people)
    wait = timedelta(seconds=settings.READER_SECONDS)
    alike: dict[Hashable, Decision] = {}
    decisions = []
    for case in cases:
        wished, seen = wishes.get(case.person), sights[case.person]
        # Of a hundred thousand most differ by nothing but who they are, and the decision asks of
        # that no more than whether it was their own doing.
        is_own = case.person == case.event.actor
        key = (id(case.event), case.standing, id(wished), seen, is_own)
        if key not in alike:
            state = PersonState(case.person, now, case.standing, wished, seen, wait)
            alike[key] = decide(case.event, state)
        decisions.append(alike[key])
    record(
        *(
            Traced(case.person, case.subject, case.event.kind.name, decision.trace)
            for case, decision in zip(cases, decisions, strict=True)
            if case.subject
        )
    )
    return decisions
