"""Bringing what was said elsewhere, or earlier, into a room: many messages at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from chat import text as markup
from chat.models import Message, Room
from chat.rows import head
from chat.services.messages import valid_text
from realtime_project.live.streams import Step, advance, begin_afresh


@dataclass(frozen=True)
class Imported:
    """A message as it was said: `author` has an account, `created` and the others have zones."""

    author: int
    created: datetime
    text: str
    edited: datetime | None = None
    deleted: datetime | None = None
    """What was deleted comes without its text."""
    client_id: UUID = field(default_factory=uuid4)


def import_messages(
    *, room: int, messages: Sequence[Imported], render: Callable[[str], str] = markup.render
) -> Room:
    """Append messages to a room in the order given, all of them or none.

    Their authors need not be in the room, it may be archived, and nobody's read marker moves. No
    page is told of them one by one: all that have the room open load it afresh. Whoever imports
    the same texts again and again passes a `render` that remembers.

    Raises ValidationError for a text that is none or too long, and IntegrityError for a
    `client_id` that its author has used.
    """
    found = Room.objects.get(pk=room)
    if not messages:
        return found
    # Rendered before the lock is taken: a long import should not keep others from talking.
    texts = [_text(one, render) for one in messages]
    with transaction.atomic():
        step = Step(found, by=len(messages), counters={"number": len(messages)})
        advance(step)
        Message.objects.bulk_create(_rows(found, messages, texts), batch_size=1000)
        begin_afresh(step, head=head(found))
    return found


def _text(message: Imported, render: Callable[[str], str]) -> tuple[str, str]:
    if message.deleted:
        return "", ""
    text = valid_text(message.text)
    return text, render(text)


def _rows(
    room: Room, messages: Sequence[Imported], texts: Sequence[tuple[str, str]]
) -> list[Message]:
    count = len(messages)
    return [
        Message(
            room_id=room.pk,
            author_id=one.author,
            client_id=one.client_id,
            seq=room.rev - count + place,
            rev=room.rev - count + place,
            number=room.number - count + place,
            text=text,
            html=html,
            created=one.created,
            edited=one.edited,
            deleted=one.deleted,
        )
        for place, (one, (text, html)) in enumerate(zip(messages, texts, strict=True), start=1)
    ]
