"""Sending what is due: claimed, decided again, sent, and marked.

Nothing is sent within a transaction. A process that dies between sending and marking has sent
something that nobody knows of: it is due again when its claim is over, and sent once more, under
the same number.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from operator import attrgetter
from random import random
from uuid import uuid4

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from notifications.deliveries.channels import (
    Again,
    Channel,
    Outcome,
    Refused,
    Sent,
    channels,
)
from notifications.deliveries.deciding import decide_again, looked_at
from notifications.deliveries.items import items_of
from notifications.deliveries.models import KEPT, PENDING, REFUSED_KEPT, Delivery, State, Why
from notifications.measures import count_outbound, note_waiting
from notifications.models import Happening
from notifications.retrying import next_attempt
from realtime_project.accounts.models import User
from realtime_project.live.database import AWAY, tidily
from realtime_project.live.statements import Due

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=2)
"""Longer than sending to one person takes: who holds a claim longer is taken for dead."""
MAX_ROWS = 200
# Other servers are slow, and each person's is another one.
THREADS = 4
AN_HOUR = timedelta(hours=1)

Whose = tuple[int, str]
"""A person, and the target if it is but one."""


def deliver(name: str) -> bool:
    """Send what is due by a channel; returns whether there may be more."""
    channel = channels().get(name)
    if channel is None or not channel.available():
        return False
    if not _waiting(name).at(timezone.now()):
        return False
    due = Delivery.objects.due(name, timezone.now()).order_by("due")
    waiting = list(dict.fromkeys(due.values_list("person", "target")[:MAX_ROWS]))[:THREADS]
    # Threads that end with the process finish what they have begun: no more than one person each.
    # The first that finds the database away is raised; what the others claimed comes again.
    list(_threads(name).map(lambda whose: tidily(_deliver_to, channel, whose), waiting))
    return True


def retry(deliveries: Sequence[int]) -> int:
    """Send again what was given up, or waits for another attempt; returns how many there are."""
    found = Delivery.objects.filter(pk__in=deliveries, state__in=[State.WAITING, State.REFUSED])
    return found.update(state=State.WAITING, attempts=0, claim="", due=timezone.now())


def look_at_waiting() -> None:
    """Look how much is due and not done, for whoever asks for metrics."""
    now = timezone.now()
    due = Delivery.objects.filter(state__in=PENDING, due__lte=now).order_by()
    by_channel = due.values_list("channel").annotate(count=Count("pk"))
    note_waiting(Happening.objects.due(now).count(), dict(by_channel))


def forget_old() -> None:
    """Delete what was sent a day ago, and what was given up a month ago."""
    now = timezone.now()
    Delivery.objects.filter(state=State.SENT, created__lt=now - KEPT).delete()
    Delivery.objects.filter(state=State.REFUSED, created__lt=now - REFUSED_KEPT).delete()


@cache
def _waiting(name: str) -> Due:
    return Due(lambda now: Delivery.objects.due(name, now))


@cache
def _threads(name: str) -> ThreadPoolExecutor:
    # They stay, and their connections with them.
    return ThreadPoolExecutor(THREADS, f"delivering-{name}")


def _deliver_to(channel: Channel, whose: Whose) -> None:
    claim = uuid4().hex
    try:
        leaving, recalled = _take(channel, whose, claim)
    except AWAY:
        raise
    except Exception as error:
        logger.exception("What %s is to tell person %d cannot be decided", channel.name, whose[0])
        _put_off_all(channel, whose, error)
        return
    if recalled:
        _take_back(channel, recalled)
    for _why, some in groupby(leaving, key=attrgetter("why")):
        together = list(some)
        _finish(together, claim, _send(channel, whose, together))


def _take(channel: Channel, whose: Whose, claim: str) -> tuple[list[Delivery], list[Delivery]]:
    """Claim what is due, and decide again about it: what leaves now, and what is taken back."""
    now = timezone.now()
    with transaction.atomic():
        mine = _claimed(channel, whose, claim, now)
        recalled = [one for one in mine if one.state == State.RECALLED]
        verdict = decide_again(whose[0], [one for one in mine if one.state == State.WAITING], now)
        leaving = _paced(channel, whose, verdict.leaves, now)
        kept = {one.pk for one in leaving}
        for one in verdict.leaves:
            if one.pk not in kept:
                verdict.waits.append(one)
        _release(verdict.waits)
        _forget(verdict.is_over)
        taken_back = _settle(whose[0], recalled)
    count_outbound(channel.name, "dropped", len(verdict.is_over))
    return sorted(leaving, key=attrgetter("why", "seq")), taken_back


def _claimed(channel: Channel, whose: Whose, claim: str, now: datetime) -> list[Delivery]:
    person, target = whose
    due = Delivery.objects.due(channel.name, now).filter(person=person, target=target)
    # One statement: of two that ask for the same at once the second finds none left.
    due.update(claim=claim, due=now + CLAIM)
    mine = Delivery.objects.filter(person=person, channel=channel.name, claim=claim)
    return list(mine.select_related("notification", "announcement").order_by("seq"))


def _paced(
    channel: Channel, whose: Whose, leaving: list[Delivery], now: datetime
) -> list[Delivery]:
    """Return what may leave now, and put off what would come too thick and fast."""
    hasty = [one for one in leaving if one.why == Why.INSTANT]
    if channel.may_send is None or not hasty:
        return leaving
    sent = Delivery.objects.filter(
        person=whose[0], channel=channel.name, state=State.SENT, sent__gt=now - AN_HOUR
    )
    moments = sent.filter(why=Why.INSTANT).order_by("sent").values_list("sent", flat=True)
    earliest = channel.may_send([one for one in moments.distinct() if one], now)
    if earliest <= now:
        return leaving
    for one in hasty:
        one.due = earliest
    return [one for one in leaving if one.why != Why.INSTANT]


def _settle(person: int, recalled: Sequence[Delivery]) -> list[Delivery]:
    """Forget what was read of what was sent, and return it; the rest stays sent."""
    if not recalled:
        return []
    over = looked_at(person, recalled)
    _forget(over)
    left = {one.pk for one in recalled} - {one.pk for one in over}
    Delivery.objects.filter(pk__in=left).update(state=State.SENT, claim="")
    return over


def _take_back(channel: Channel, deliveries: Sequence[Delivery]) -> None:
    person = User.objects.get(pk=deliveries[0].person_id)
    try:
        if channel.withdrawn:
            channel.withdrawn(person, items_of(person, deliveries))
            count_outbound(channel.name, "withdrawn", len(deliveries))
    except Exception:
        logger.exception("What %s told person %d cannot be taken back", channel.name, person.pk)


def _send(channel: Channel, whose: Whose, deliveries: Sequence[Delivery]) -> Sequence[Outcome]:
    try:
        person = User.objects.get(pk=whose[0])
        if not person.is_active:
            return []
        return channel.send(person, items_of(person, deliveries), whose[1])
    except AWAY:
        raise
    except Exception as error:
        logger.exception("Telling person %d by %s failed", whose[0], channel.name)
        return [Again(repr(error))]


def _finish(deliveries: Sequence[Delivery], claim: str, outcomes: Sequence[Outcome]) -> None:
    """Mark what has become of deliveries that were sent together."""
    now = timezone.now()
    with transaction.atomic():
        numbers = [one.pk for one in deliveries]
        # Somebody else may have found the claim over: then it is theirs to say.
        mine = list(
            Delivery.objects.select_for_update().filter(pk__in=numbers, claim=claim).order_by("pk")
        )
        for delivery in mine:
            _mark(delivery, outcomes, now)


def _mark(delivery: Delivery, outcomes: Iterable[Outcome], now: datetime) -> None:
    outcomes = list(outcomes)
    delivery.is_decided = True
    again = [one for one in outcomes if isinstance(one, Again)]
    for one in again:
        if one.target not in ("", delivery.target):
            _split(delivery, one, now)
    same = next((one for one in again if one.target in ("", delivery.target)), None)
    refused = next((one for one in outcomes if isinstance(one, Refused)), None)
    if same is not None:
        _put_off(delivery, same, now)
    elif any(isinstance(one, Sent) for one in outcomes):
        delivery.state, delivery.sent, delivery.claim, delivery.error = State.SENT, now, "", ""
        delivery.save()
        count_outbound(delivery.channel, "sent")
    elif refused is not None:
        delivery.state, delivery.claim, delivery.error = State.REFUSED, "", refused.reason
        delivery.save()
        count_outbound(delivery.channel, "given_up")
    else:
        # Nobody was there to be told: every target is gone, or waits in a row of its own.
        delivery.delete()
        count_outbound(delivery.channel, "gone")


def _split(delivery: Delivery, again: Again, now: datetime) -> None:
    """Try one of several targets again: the others have been told."""
    alone = Delivery(
        person_id=delivery.person_id,
        channel=delivery.channel,
        target=again.target,
        notification_id=delivery.notification_id,
        announcement_id=delivery.announcement_id,
        seq=delivery.seq,
        why=delivery.why,
        is_decided=True,
        created=delivery.created,
    )
    _put_off(alone, again, now)


def _put_off(delivery: Delivery, again: Again, now: datetime) -> None:
    delivery.attempts += 1
    delivery.error, delivery.claim = again.reason, ""
    wait = again.after or timedelta()
    due = next_attempt(delivery.attempts, now, random(), wait=wait)  # noqa: S311 (no secret)
    delivery.state = State.REFUSED if due is None else State.WAITING
    delivery.due = due or delivery.due
    delivery.save()
    count_outbound(delivery.channel, "retried" if due else "given_up")


def _put_off_all(channel: Channel, whose: Whose, error: Exception) -> None:
    person, target = whose
    now = timezone.now()
    with transaction.atomic():
        due = Delivery.objects.due(channel.name, now).filter(person=person, target=target)
        for delivery in due.select_for_update():
            _put_off(delivery, Again(repr(error)), now)


def _release(deliveries: Sequence[Delivery]) -> None:
    for one in deliveries:
        one.claim = ""
    Delivery.objects.bulk_update(deliveries, ["claim", "due", "why", "is_decided"], batch_size=100)


def _forget(deliveries: Sequence[Delivery]) -> None:
    Delivery.objects.filter(pk__in=[one.pk for one in deliveries]).delete()
