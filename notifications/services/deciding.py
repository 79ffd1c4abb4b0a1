"""Deciding about notices before they are written: what nobody wishes to know stands nowhere."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.db.models import F

from notifications import kinds
from notifications.decision import Decision, Event
from notifications.models import Notification, Place
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
    groups = _told(notices)
    # Of hundreds of people who are told of the same it is one event.
    event_of = cache(_event)
    cases = [_case(one, groups.get((one.person, one.group)), now, event_of) for one in notices]
    made = decide_each(cases, now=now) if cases else []
    decisions = {id(notice): decision for notice, decision in zip(notices, made, strict=True)}
    all_of_it = [Admitted(one, decisions.get(id(one))) for one in entries]
    return [one for one in all_of_it if one.decision is None or one.decision.channels.in_app]


def _told(notices: Iterable[Notice]) -> dict[tuple[int, str], datetime]:
    """Return when people were last told of groups that they have not read."""
    grouped = [one for one in notices if one.group]
    if not grouped:
        return {}
    there = Notification.objects.filter(
        inbox__in={one.person for one in grouped},
        group__in={one.group for one in grouped},
        place=Place.INBOX,
        unread_rev__gt=F("inbox__read_until"),
    )
    return {
        (person, group): happened
        for person, group, happened in there.values_list("inbox", "group", "happened")
    }


def _case(
    notice: Notice, told: datetime | None, now: datetime, event_of: Callable[..., Event]
) -> Case:
    event = event_of(
        notice.kind, notice.priority, notice.happened or now, notice.actor, notice.place, notice.rev
    )
    standing = replace(notice.standing, told=told) if told else notice.standing
    return Case(notice.person, event, standing, notice.subject)


def _event(
    kind: str, priority: int | None, happened: datetime, actor: int | None, place: str, rev: int
) -> Event:
    facts = facts_of(kinds.find(kind))
    with_priority = replace(facts, priority=priority or facts.priority)
    return Event(with_priority, happened=happened, actor=actor, place=place, rev=rev)
