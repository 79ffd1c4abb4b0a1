"""Writing down what is to leave, in the transaction in which it came into the inboxes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from notifications.decision import Decision, Mail
from notifications.deliveries.channels import MAIL, PUSH, Channel, available
from notifications.deliveries.models import Delivery, Why
from notifications.models import Notification
from realtime_project.live.statements import insert

Told = tuple[Notification, Decision]


def write_deliveries(told: Iterable[Told], now: datetime) -> None:
    """Write down which of this leaves by which channel, and when. Where nobody is to be told but
    in the inbox, nothing is written and nothing asked."""
    told = list(told)
    rows: list[Delivery] = []
    for channel in available():
        wanted = [one for one in told if _why(channel, one[1]) is not None]
        if wanted:
            rows += _rows(channel, wanted, now)
    if rows:
        insert(rows)


def _rows(channel: Channel, told: Sequence[Told], now: datetime) -> Iterable[Delivery]:
    people = {notification.inbox_id for notification, _decision in told}
    reached = set(channel.reaches(people))
    digested = {n.inbox_id for n, decision in told if _why(channel, decision) is Why.DIGEST}
    digests: Mapping[int, datetime] = {}
    if channel.next_digest and digested & reached:
        digests = channel.next_digest(digested & reached, now)
    for notification, decision in told:
        person, why = notification.inbox_id, _why(channel, decision)
        if person not in reached or why is None:
            continue
        due = decision.held_until or now + decision.delay
        if why is Why.DIGEST:
            if person not in digests:
                continue
            due = digests[person]
        yield Delivery(
            person_id=person,
            channel=channel.name,
            notification_id=notification.pk,
            seq=notification.seq,
            why=why.value,
            due=due,
            created=now,
        )


def _why(channel: Channel, decision: Decision) -> Why | None:
    """Why something leaves by a channel when it does; None if it does not."""
    channels = decision.channels
    if channel.name == MAIL and channels.email is Mail.DIGEST:
        return Why.DIGEST
    is_wanted = {PUSH: channels.push, MAIL: channels.email is Mail.INSTANT}
    if not is_wanted.get(channel.name, False):
        return None
    return Why.QUIET if decision.held_until else Why.INSTANT
