"""Deciding about notices before they are written: what nobody wishes to know stands nowhere."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from notifications import kinds
from notifications.decision import Event
from notifications.notices import Entry, Notice
from notifications.preferences.offered import facts_of
from notifications.reaching import Case, decide_each


def admitted(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """Return what of this reaches inboxes, in its order: of notices those that are decided to,
    and all that is taken back. The reasons are kept, within the caller's transaction."""
    entries = list(entries)
    notices = [one for one in entries if isinstance(one, Notice)]
    decisions = decide_each([_case(one, now) for one in notices], now=now) if notices else []
    refused = {
        id(notice)
        for notice, decision in zip(notices, decisions, strict=True)
        if not decision.channels.in_app
    }
    return [one for one in entries if id(one) not in refused]


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
