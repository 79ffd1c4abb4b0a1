"""Writing down what is to leave, in the transaction in which it came into the inboxes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from notifications.decision import Decision, Mail
from notifications.deliveries.channels import MAIL, PUSH, Channel, available
from notifications.deliveries.models import Delivery, Why
from realtime_project.live.inserting import insert


class Told(NamedTuple):
    """Somebody is told of something, by a decision: of a notification or of an announcement."""

    person: int
    decision: Decision
    seq: int
    notification: int | None = None
    announcement: int | None = None


def write_deliveries(told: Iterable[Told], now: datetime) -> None:
    """Write down which of this leaves by which channel, and when. Where nobody is to be told but
    in the inbox, nothing is written and nothing asked."""
    told = list(told)
    rows: list[Delivery] = []
    for channel in available():
        wanted = [one for one in told if _why(channel, one.decision) is not None]
        if wanted:
            rows += _rows(channel, wanted, now)
    if rows:
        insert(rows)


def _rows(channel: Channel, told: Sequence[Told], now: datetime) -> Iterable[Delivery]:
    reached = set(channel.reaches({one.person for one in told}))
    digested = {one.person for one in told if _why(channel, one.decision) is Why.DIGEST} & reached
    digests: Mapping[int, datetime] = {}
    if channel.next_digest and digested:
        digests = channel.next_digest(digested, now)
    for one in told:
        why = _why(channel, one.decision)
        if one.person not in reached or why is None:
            continue
        due = one.decision.held_until or now + one.decision.delay
        if why is Why.DIGEST:
            if one.person not in digests:
                continue
            due = digests[one.person]
        yield Delivery(
            person_id=one.person,
            channel=channel.name,
            notification_id=one.notification,
            announcement_id=one.announcement,
            seq=one.seq,
            why=why.value,
            is_decided=why is Why.DIGEST,
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
