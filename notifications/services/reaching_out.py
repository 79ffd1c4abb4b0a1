"""Telling people outside of their pages what was announced: nothing is written to their inboxes."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from notifications import kinds
from notifications.decision import Event, Standing
from notifications.deliveries.channels import available
from notifications.deliveries.writing import Told, write_deliveries
from notifications.models import Announcement, Inbox
from notifications.notices import Outreach
from notifications.preferences.offered import facts_of
from notifications.reaching import Case, decide_each


def reach_out(entries: Sequence[Outreach], now: datetime) -> None:
    """Write down for whom of these people an announcement leaves, after deciding for each."""
    reached = _reached({one.person for one in entries})
    wanted = [one for one in entries if one.person in reached]
    if not wanted:
        return
    announcements = Announcement.objects.in_bulk({one.announcement for one in wanted})
    inboxes = Inbox.objects.in_bulk([one.person for one in wanted])
    there = [
        (one, announcement)
        for one in wanted
        if (announcement := announcements.get(one.announcement)) and not announcement.is_gone
    ]
    cases = [_case(one, announcement, inboxes.get(one.person)) for one, announcement in there]
    decisions = decide_each(cases, now=now)
    write_deliveries(
        [
            Told(one.person, decision, announcement.seq, announcement=announcement.pk)
            for (one, announcement), decision in zip(there, decisions, strict=True)
        ],
        now,
    )


def _reached(people: Collection[int]) -> set[int]:
    """Whom any channel reaches: of the others nothing has to be decided."""
    found: set[int] = set()
    for channel in available() if people else ():
        found |= set(channel.reaches(people))
    return found


def _case(one: Outreach, announcement: Announcement, inbox: Inbox | None) -> Case:
    facts = replace(facts_of(kinds.ANNOUNCEMENT), priority=announcement.priority)
    event = Event(kind=facts, happened=announcement.created, actor=announcement.author_id)
    is_read = inbox is not None and announcement.seq <= inbox.announcements_seen_until
    return Case(one.person, event, Standing(may_see=True, is_read=is_read))
