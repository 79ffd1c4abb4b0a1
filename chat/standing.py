"""How it stands with somebody and a message, for those who decide whether they are told of it."""

from chat.models import Membership, Message
from notifications.decision import Level, Standing


def standing(member: Membership, message: Message) -> Standing:
    """Return how it stands with a member of a room and a message in it."""
    is_there = message.deleted is None
    return Standing(
        may_see=is_there and member.since_seq <= message.seq,
        level=Level(member.notify),
        muted_until=member.muted_until,
        is_read=member.read_seq >= message.seq,
    )
