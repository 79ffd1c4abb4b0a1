"""How it stands with somebody and a message, for those who decide whether they are told of it."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from chat.models import Membership, Message
from notifications.decision import Level, Standing
from notifications.deliveries.standings import NOBODY, Pair, Situation, stands


class MemberFacts(Protocol):
    """What has to be known of a member, of a membership or of what was read of one."""

    @property
    def since_seq(self) -> int: ...
    @property
    def read_seq(self) -> int: ...
    @property
    def notify(self) -> str: ...
    @property
    def muted_until(self) -> datetime | None: ...


def standing(member: MemberFacts, message: Message) -> Standing:
    """Return how it stands with a member of a room and a message in it."""
    is_there = message.deleted is None
    return Standing(
        may_see=is_there and member.since_seq <= message.seq,
        level=Level(member.notify),
        muted_until=member.muted_until,
        is_read=member.read_seq >= message.seq,
    )


@stands
def situations(pairs: Collection[Pair]) -> dict[Pair, Situation]:
    """Return how it stands by now with people and messages, and which page shows each message."""
    numbers = {message for _person, message in pairs}
    messages = Message.objects.select_related("room").in_bulk(numbers)
    members = Membership.objects.active().filter(
        person__in={person for person, _message in pairs},
        room__in={message.room_id for message in messages.values()},
    )
    found = {(member.person_id, member.room_id): member for member in members}
    return {
        (person, number): _situation(found.get((person, message.room_id)), message)
        for person, number in pairs
        if (message := messages.get(number))
    }


def _situation(member: Membership | None, message: Message) -> Situation:
    if member is None:
        return NOBODY
    return Situation(standing(member, message), message.room.key, message.seq)
