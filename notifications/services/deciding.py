"""Deciding about notices before they are written: what nobody wishes to know stands nowhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from notifications import kinds
from notifications.decision import Decision, Event
from notifications.notices import Notice, Retraction
from notifications.preferences.offered import facts_of
from notifications.reaching import Case, decide_each


@dataclass(frozen=True)
class Admitted:
    """What reaches an inbox; of a notice with what was decided about it."""

    entry: Notice | Retraction
    decision: Decision | None = None


def admitted(entries: Sequence[Notice | Retraction], now: datetime) -> list[Admitted]:
    """Return what of this reaches inboxes, in its order: of notices those that are decided to,
    and all that is taken back. The reasons are kept, within the caller's transaction."""
    notices = [one for one in entries if isinstance(one, Notice)]
    made = decide_each([_case(one, now) for one in notices], now=now) if notices else []
    decisions = {id(notice): decision for notice, decision in zip(notices, made, strict=True)}
    all_of_it = [Admitted(one, decisions.get(id(one))) for one in entries]
    return [one for one in all_of_it if one.decision is None or one.decision.channels.in_app]


def _case(notice: Notice, now: datetime) -> Case:
    facts = facts_of(kinds.find(notice.kind))
    event = Event(
        kind=replace(facts, priority=notice.priority or facts.priority),
        happened=notice.happened or now,
        actor=notice.actor,
        place=notice.place,
        rev=notice.rev,
    )
    subject = f"message:{notice.message}" if notice.message else ""
    return Case(notice.person, event, notice.standing, subject)
