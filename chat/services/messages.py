"""What people do with messages: say, edit, take back, read. Each verb checks, writes and tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat import text as markup
from chat.models import MAX_TEXT_CHARACTERS, Membership, Message, Personal
from chat.rows import head, membership_row, message_row
from realtime_project.live.codes import Conflict
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


@dataclass(frozen=True)
class Post:
    """A message on its way into a room."""

    author: int
    client_id: UUID
    text: str


def post_message(*, person: int, room: int, client_id: UUID, text: str) -> Message:
    """Say something in a room. The same `client_id` again returns the message it made."""
    return post_messages(room=room, posts=[Post(person, client_id, text)])[0]


def post_messages(*, room: int, posts: Sequence[Post]) -> list[Message]:
    """Store posts of one room in their order, in one transaction.

    Raises ObjectDoesNotExist for an author who is not in the room, ValidationError for a text
    that is none, Conflict for a `client_id` that was used in another room.
    """
    texts = [_valid(post.text) for post in posts]
    htmls = [markup.render(text) for text in texts]
    try:
        return _store(room, posts, texts, htmls)
    except IntegrityError:
        # The same post came twice at the same time, and the other one was first.
        return _store(room, posts, texts, htmls)


def edit_message(*, person: int, room: int, message: int, text: str) -> Message:
    """Say one's own message in other words."""
    text = _valid(text)
    html = markup.render(text)
    with transaction.atomic():
        edited = _own_message(person, room, message)
        edited.text, edited.html, edited.edited = text, html, timezone.now()
        _tell_changed(edited, "text", "html", "edited")
    return edited


def delete_message(*, person: int, room: int, message: int) -> Message:
    """Take one's own message back. A tombstone stays; what it said is gone for good."""
    with transaction.atomic():
        deleted = _own_message(person, room, message)
        deleted.text, deleted.html, deleted.deleted = "", "", timezone.now()
        _tell_changed(deleted, "text", "html", "deleted")
    return deleted


def mark_read(*, person: int, room: int, seq: int) -> Membership:
    """Move a person's read marker forward, on all their pages. It never goes back."""
    with transaction.atomic():
        membership = Membership.objects.of(person, room)
        reached = membership.room.messages.filter(seq__lte=seq).order_by("seq").last()
        if reached is None or reached.seq <= membership.read_seq:
            return membership
        step = Step(Personal(pk=person))
        advance(step)
        # Read again under the lock: another page of the same person may have been quicker.
        membership.refresh_from_db(fields=["read_seq", "read_number"])
        _move_marker(membership, reached, step.stream.rev)
        publish(step, [membership_row(membership)])
    return membership


def _valid(text: str) -> str:
    text = markup.clean(text)
    if not text:
        raise ValidationError(_("There is nothing in this message."))
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ValidationError(_("A message has at most 10,000 characters."))
    return text


def _own_message(person: int, room: int, message: int) -> Message:
    found = (
        Message.objects.visible_to(person)
        .select_related("author", "room")
        .get(pk=message, room_id=room)
    )
    if found.author_id != person:
        raise PermissionDenied(_("Only who wrote a message can change it."))
    return found


def _store(
    room: int, posts: Sequence[Post], texts: Sequence[str], htmls: Sequence[str]
) -> list[Message]:
    with transaction.atomic():
        members = _members(room, posts)
        existing = _existing(room, posts)
        fresh = [
            Message(
                room_id=room,
                author=members[post.author].person,
                client_id=post.client_id,
                text=text,
                html=html,
                created=timezone.now(),
            )
            for post, text, html in zip(posts, texts, htmls, strict=True)
            if (post.author, post.client_id) not in existing
        ]
        if fresh:
            _append(fresh, members)
    stored = existing | {(message.author_id, message.client_id): message for message in fresh}
    return [stored[post.author, post.client_id] for post in posts]


def _members(room: int, posts: Sequence[Post]) -> dict[int, Membership]:
    authors = {post.author for post in posts}
    members = Membership.objects.active().filter(room_id=room, person_id__in=authors)
    found = {one.person_id: one for one in members.select_related("room", "person")}
    if found.keys() != authors:
        raise Membership.DoesNotExist
    return found


def _existing(room: int, posts: Sequence[Post]) -> dict[tuple[int, UUID], Message]:
    wanted = {(post.author, post.client_id) for post in posts}
    found = Message.objects.filter(
        author_id__in={author for author, _id in wanted},
        client_id__in={client_id for _author, client_id in wanted},
    ).select_related("author")
    existing = {
        (one.author_id, one.client_id): one
        for one in found
        if (one.author_id, one.client_id) in wanted
    }
    if any(message.room_id != room for message in existing.values()):
        raise Conflict(_("This message was posted in another room before."))
    return existing


def _append(messages: Sequence[Message], members: dict[int, Membership]) -> None:
    """Give messages their places at the end of the room, and tell everybody."""
    count = len(messages)
    room = members[messages[0].author_id].room
    in_room = Step(room, by=count, counters={"number": count})
    own = {author: Step(Personal(pk=author)) for author in {one.author_id for one in messages}}
    advance(in_room, *own.values())
    for place, message in enumerate(messages, start=1 - count):
        message.seq = message.rev = room.rev + place
        message.number = room.number + place
    Message.objects.bulk_create(messages)
    publish(in_room, [message_row(message) for message in messages], head=head(room))
    for message in {message.author_id: message for message in messages}.values():
        # One's own post moves one's read marker: what one answers to has been read.
        membership = members[message.author_id]
        _move_marker(membership, message, own[message.author_id].stream.rev)
        publish(own[message.author_id], [membership_row(membership)])


def _move_marker(membership: Membership, reached: Message, personal_rev: int) -> None:
    membership.read_seq = max(membership.read_seq, reached.seq)
    membership.read_number = max(membership.read_number, reached.number)
    membership.personal_rev = personal_rev
    membership.save(update_fields=["read_seq", "read_number", "personal_rev"])


def _tell_changed(message: Message, *fields: str) -> None:
    step = Step(message.room)
    advance(step)
    message.rev = step.stream.rev
    # The lock is held: a deletion that came in between wins over an edit.
    still_there = Message.objects.filter(pk=message.pk, deleted=None)
    values = {name: getattr(message, name) for name in (*fields, "rev")}
    if not still_there.update(**values):
        raise ValidationError(_("This message was deleted."))
    publish(step, [message_row(message)], head=head(message.room))
