"""Noting which messages may concern somebody who does not look at the room."""

from collections.abc import Iterable

from chat.mentions import may_mention
from chat.models import Message
from notifications.services import all_happened


def note_posted(messages: Iterable[Message]) -> None:
    """Write down, in the transaction of a post, that it is to be told: of most messages nothing,
    of the others one row, whomever they concern."""
    noted = [{"message": message.pk} for message in messages if may_mention(message.text)]
    if noted:
        all_happened("chat.posted", noted)
