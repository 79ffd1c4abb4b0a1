"""Noting which messages may concern somebody who does not look at the room."""

from collections.abc import Collection, Iterable, Mapping

from chat import posting
from chat.mentions import may_mention
from chat.models import Message
from notifications.services import all_happened


def note_posted(
    room: int, messages: Iterable[Message], here: Mapping[int, Collection[int]]
) -> None:
    """Write down, in the transaction of a post, that it is to be told: one row, whomever it
    concerns. Where nobody wants to know of all, and nobody is mentioned, nothing.

    Who is `here`, by message, is known now and to this process alone: it is kept with the row.
    """
    concerns_all = posting.somebody_listens(room)
    noted = [
        {"message": message.pk, "here": sorted(here.get(message.pk, ()))}
        for message in messages
        if concerns_all or may_mention(message.text)
    ]
    if noted:
        all_happened("chat.posted", noted)
