"""Deciding again about what is due, by how it stands with its person then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifications import kinds
from notifications.decision import Decision, Event, Mail, Standing
from notifications.deliveries.channels import PUSH
from notifications.deliveries.models import Delivery, Why
from notifications.deliveries.standings import NOBODY, Pair, Situation, situations
from notifications.models import Announcement, Inbox, Mark, Notification
from notifications.notices import read_events, subject_of
from notifications.preferences.offered import facts_of
from notifications.reaching import Case, decide_each


@dataclass
class Verdict:
    """What is to become of deliveries of one person."""

    leaves: list[Delivery] = field(default_factory=list)
    waits: list[Delivery] = field(default_factory=list)
    """With when they are due and why as they are now."""
    is_over: list[Delivery] = field(default_factory=list)


def decide_again(person: int, deliveries: Sequence[Delivery], now: datetime) -> Verdict:
    """Decide again about deliveries of one person. The reasons are kept, within the caller's
    transaction."""
    verdict = Verdict()
    cases = _cases(person, deliveries, now)
    verdict.is_over = [one for one in deliveries if one.pk not in cases]
    asked = [one for one in deliveries if one.pk in cases]
    decisions = decide_each([cases[one.pk] for one in asked], now=now) if asked else []
    for delivery, decision in zip(asked, decisions, strict=True):
        _judge(delivery, decision, now, verdict)
    return verdict


def looked_at(person: int, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return what of this its person has read by now, in the inbox or where it was said, and what
    is not so any more."""
    inbox, known = inbox_of(person), _situations(person, deliveries)
    return [one for one in deliveries if is_read(one, inbox) or _is_read_there(one, known)]


def inbox_of(person: int) -> Inbox:
    """Return somebody's inbox, or that of who never had anything in theirs."""
    return Inbox.objects.filter(pk=person).first() or Inbox(pk=person)


def is_read(delivery: Delivery, inbox: Inbox) -> bool:
    """Return whether what was delivered has been read or seen, or is not so any more."""
    about = delivery.notification or delivery.announcement
    if isinstance(about, Notification):
        return not about.is_unread_in(inbox) or about.seq <= inbox.seen_until
    return about is None or _is_announcement_read(about, inbox)


def _is_read_there(delivery: Delivery, known: Mapping[Pair, Situation]) -> bool:
    about = delivery.notification
    situation = known.get((delivery.person_id, about.message or 0)) if about else None
    return situation is not None and situation.standing.is_read


def _judge(delivery: Delivery, decision: Decision, now: datetime, verdict: Verdict) -> None:
    channels = decision.channels
    # Who wants by digest by now what was to come at once gets it once more at once, not never.
    is_wanted = channels.push if delivery.channel == PUSH else channels.email is not Mail.OFF
    if not is_wanted:
        verdict.is_over.append(delivery)
    elif delivery.why == Why.DIGEST:
        # It goes out at the hour that its person has chosen, quiet or not.
        verdict.leaves.append(delivery)
    elif decision.held_until:
        delivery.why, delivery.due = Why.QUIET.value, decision.held_until
        verdict.waits.append(delivery)
    elif decision.delay:
        delivery.due = now + decision.delay
        verdict.waits.append(delivery)
    else:
        delivery.is_decided = True
        verdict.leaves.append(delivery)


def _cases(person: int, deliveries: Sequence[Delivery], now: datetime) -> dict[int, Case]:
    """What is to be decided about each delivery; about what is gone there is nothing."""
    inbox, known = inbox_of(person), _situations(person, deliveries)
    cases = {}
    for one in deliveries:
        if one.notification and not one.notification.is_gone:
            number = one.notification.message
            here = Situation(Standing(may_see=True))
            if number:
                here = known.get((person, number), NOBODY)
            cases[one.pk] = _about_notification(one, one.notification, inbox, here)
        elif one.announcement and not one.announcement.is_gone:
            cases[one.pk] = _about_announcement(one, one.announcement, inbox)
    return cases


def _situations(person: int, deliveries: Sequence[Delivery]) -> Mapping[Pair, Situation]:
    """How it stands by now with the person and the messages that deliveries are about."""
    return situations(
        {
            (person, one.notification.message)
            for one in deliveries
            if one.notification and one.notification.message
        }
    )


def _about_notification(
    delivery: Delivery, about: Notification, inbox: Inbox, here: Situation
) -> Case:
    facts = facts_of(kinds.find(about.kind))
    events = read_events(about.events)
    event = Event(
        kind=replace(facts, priority=about.priority),
        happened=about.happened,
        actor=events[-1].actor if events else None,
        place=here.place,
        rev=here.rev,
    )
    standing = replace(
        here.standing,
        is_read=here.standing.is_read or is_read(delivery, inbox),
        inbox_rev=about.seq,
    )
    subject = subject_of(events[-1]) if events and not delivery.is_decided else ""
    return Case(inbox.pk, event, standing, subject)


def _about_announcement(delivery: Delivery, about: Announcement, inbox: Inbox) -> Case:
    facts = replace(facts_of(kinds.ANNOUNCEMENT), priority=about.priority)
    event = Event(kind=facts, happened=about.created, actor=about.author_id)
    return Case(inbox.pk, event, Standing(may_see=True, is_read=is_read(delivery, inbox)))


def _is_announcement_read(about: Announcement, inbox: Inbox) -> bool:
    if about.is_gone or about.seq <= inbox.announcements_seen_until:
        return True
    mark = Mark.objects.filter(inbox=inbox.pk, announcement=about).first()
    if mark is None:
        return about.seq <= inbox.announcements_read_until
    return mark.is_gone or mark.unread_rev <= inbox.read_until
