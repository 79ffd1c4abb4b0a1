"""Deciding about many people at once, and keeping the reasons.

Whoever tells people of something calls this: it reads what they wish and what they look at, asks
the pure decision for each, and keeps the traces in the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime

from notifications.decision import Decision, Event, PersonState, Standing, decide
from notifications.preferences.queries import wishes_of
from notifications.traces.services import Traced, record
from realtime_project.live.seeing import sights_of


def decide_all(
    event: Event, standings: Mapping[int, Standing], *, subject: str, now: datetime
) -> dict[int, Decision]:
    """Decide about an event for everybody whom it may concern, by how it stands with them.

    A decision with a delay is to be made again after it, with standings as they are then.
    `subject` names the event for whoever asks why, such as `message:118`.
    """
    wishes, sights = wishes_of(standings.keys()), sights_of(standings.keys())
    decisions = {
        person: decide(
            event, PersonState(person, now, standing, wishes.get(person), sights[person])
        )
        for person, standing in standings.items()
    }
    record(
        *(Traced(person, subject, event.kind.name, one.trace) for person, one in decisions.items())
    )
    return decisions
