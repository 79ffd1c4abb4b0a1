"""What people do with messages: say, edit, take back, read. Each verb checks, writes and tells."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat import mentions, posting
from chat import text as markup
from chat.audience import reached, refuse_unconfirmed
from chat.cards import Card, written
from chat.mentions import Crowd
from chat.models import MAX_TEXT_CHARACTERS, Membership, Message, Personal, Room
from chat.posting import Marker
from chat.rows import head, membership_row, message_row
from chat.services.noting import note_posted
from notifications.services import forget_message, recall_read
from realtime_project.accounts.models import User
from realtime_project.live.codes import Conflict, Unconfirmed
from realtime_project.live.database import AWAY, is_locked
from realtime_project.live.inserting import insert
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Post:
    """A message on its way into a room."""

    author: int
    client_id: UUID
    text: str
    is_confirmed: bool = False
    """Whether its author was asked about how many it mentions."""
    here: frozenset[int] = frozenset()
    """Who is present, where it mentions them."""
    via: str = ""
    """How it came, where not by its author's own hand."""
    card: Card | None = None
    """What a program has drawn in place of its words."""


@dataclass(frozen=True)
class Draft:
    """A post that is acceptable: its author is in the room, its text is rendered."""

    author: User
    client_id: UUID
    text: str
    html: str
    here: frozenset[int]
    """Whom it mentions because they are present."""
    via: str = ""

    @property
    def key(self) -> tuple[int, UUID]:
        """What makes it the same post when it is sent again."""
        return self.author.pk, self.client_id


Outcome = Message | Exception


def post_message(
    *,
    person: int,
    room: int,
    client_id: UUID,
    text: str,
    is_confirmed: bool = False,
    here: frozenset[int] = frozenset(),
) -> Message:
    """Say something in a room. The same `client_id` again returns the message it made.

    Raises what `post_messages` returns for a post that is refused.
    """
    [outcome] = post_messages(room=room, posts=[Post(person, client_id, text, is_confirmed, here)])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def post_messages(*, room: int, posts: Sequence[Post]) -> list[Outcome]:
    """Store posts of one room in their order, in one transaction.

    Returns for each the message, or what refused it: ObjectDoesNotExist for an author who is not
    in the room, PermissionDenied for a room that is archived, ValidationError for a text that is
    none, Conflict for a `client_id` that was used in another room, Unconfirmed for a post that
    mentions many and was not confirmed. One refused post does not touch the others.
    """
    authors = posting.authors(room, {post.author for post in posts})
    people = mentions.people_in(post.text for post in posts)
    outcomes: dict[int, Outcome] = {}
    drafts: dict[int, Draft] = {}
    for place, post in enumerate(posts):
        try:
            drafts[place] = _draft(room, authors.get(post.author), post, people)
        except (ObjectDoesNotExist, PermissionDenied, ValidationError, Unconfirmed) as error:
            outcomes[place] = error
    outcomes |= zip(drafts, _store_each(room, list(drafts.values())), strict=True)
    return [outcomes[place] for place in range(len(posts))]


def edit_message(*, person: int, room: int, message: int, text: str) -> Message:
    """Say one's own message in other words."""
    text = valid_text(text)
    html = mentions.render(text, mentions.people_in([text]))
    with transaction.atomic():
        edited = _own_message(person, room, message)
        _refuse_archived(edited.room.archived)
        edited.text, edited.html, edited.edited = text, html, timezone.now()
        _tell_changed(edited, "text", "html", "edited")
    return edited


def change_card(*, person: int, room: int, message: int, text: str, card: Card) -> Message:
    """Let a program's own message say how things stand by now. It is not marked as edited: that
    it changes where it stands is what a card is for."""
    text = valid_text(text)
    html = written(card, mentions.render(text, mentions.people_in([text])))
    with transaction.atomic():
        changed = _own_message(person, room, message)
        _refuse_archived(changed.room.archived)
        changed.text, changed.html = text, html
        _tell_changed(changed, "text", "html")
    return changed


def delete_message(*, person: int, room: int, message: int) -> Message:
    """Take one's own message back. A tombstone stays; what it said is gone for good."""
    with transaction.atomic():
        deleted = _own_message(person, room, message)
        deleted.text, deleted.html, deleted.deleted = "", "", timezone.now()
        _tell_changed(deleted, "text", "html", "deleted")
        forget_message(deleted.pk)
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
        # Read again under the lock: the person may have read on, or left, on another page.
        membership = Membership.objects.of(person, room)
        membership.read_seq = max(membership.read_seq, reached.seq)
        membership.read_number = max(membership.read_number, reached.number)
        membership.personal_rev = step.stream.rev
        membership.save(update_fields=["read_seq", "read_number", "personal_rev"])
        recall_read(person, room)
        publish(step, [membership_row(membership)])
    return membership


def valid_text(text: str) -> str:
    """Return a text as it may be stored. Raises ValidationError for none, or one too long."""
    text = markup.clean(text)
    if not text:
        raise ValidationError(_("There is nothing in this message."))
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ValidationError(_("A message has at most 10,000 characters."))
    return text


def _refuse_archived(archived: datetime | None) -> None:
    if archived:
        raise PermissionDenied(_("This room is archived: nothing can be added to it."))


def _own_message(person: int, room: int, message: int) -> Message:
    found = (
        Message.objects.visible_to(person)
        .select_related("author", "room")
        .get(pk=message, room_id=room)
    )
    if found.author_id != person:
        raise PermissionDenied(_("Only who wrote a message can change it."))
    return found


def _draft(
    room: int, author: posting.Author | None, post: Post, people: Mapping[str, int]
) -> Draft:
    if author is None:
        raise Membership.DoesNotExist
    _refuse_archived(author.room_archived)
    text = valid_text(post.text)
    meant = mentions.read(text)
    if not post.is_confirmed:
        count = reached(person=post.author, room=room, crowd=meant.crowd, here=post.here)
        refuse_unconfirmed(count)
    here = post.here if meant.crowd is Crowd.HERE else frozenset()
    html = mentions.render(text, people)
    if post.card is not None:
        html = written(post.card, html)
    return Draft(author.person, post.client_id, text, html, here, post.via)


def _store_each(room: int, drafts: Sequence[Draft]) -> Sequence[Outcome]:
    """Store drafts together, or one by one if that fails: nobody's fails for another's."""
    try:
        return _store(room, drafts)
    except AWAY as error:
        if is_locked(error):
            # Each of them would wait as long again, and longer than its page does.
            return [error] * len(drafts)
        return _store_again(room, drafts, error)
    except Exception as error:  # noqa: BLE001 (raised or told by the caller, for each its own)
        if len(drafts) > 1:
            return [outcome for draft in drafts for outcome in _store_each(room, [draft])]
        if isinstance(error, IntegrityError):
            # The same post came twice at the same moment, and the other one was first.
            return _store_again(room, drafts, error)
        return [error]


def _store_again(room: int, drafts: Sequence[Draft], error: Exception) -> Sequence[Outcome]:
    """Try once more, with a new connection if this one was lost. Only once: while the database
    is away the clients keep their posts, and others wait for this thread."""
    logger.info("Storing %d posts again after: %r", len(drafts), error)
    connection.close_if_unusable_or_obsolete()
    try:
        return _store(room, drafts)
    except Exception as last_error:  # noqa: BLE001 (raised or told by the caller)
        return [last_error] * len(drafts)


def _store(room: int, drafts: Sequence[Draft]) -> Sequence[Message]:
    if not drafts:
        return []
    with transaction.atomic():
        stored = _existing(room, drafts)
        # By key: the same post may be in here twice.
        fresh = {draft.key: draft for draft in drafts if draft.key not in stored}
        if fresh:
            stored |= _append(room, fresh)
    return [stored[draft.key] for draft in drafts]


def _existing(room: int, drafts: Sequence[Draft]) -> dict[tuple[int, UUID], Message]:
    keys = {draft.key for draft in drafts}
    people, client_ids = zip(*keys, strict=True)
    said = posting.were_said(set(people), set(client_ids))
    if not said:
        return {}
    candidates = Message.objects.filter(pk__in=said)
    existing = {(one.author_id, one.client_id): one for one in candidates}
    if any(one.room_id != room for key, one in existing.items() if key in keys):
        raise Conflict(_("This message was posted in another room before."))
    return existing


def _append(room_id: int, drafts: dict[Any, Draft]) -> dict[tuple[int, UUID], Message]:
    """Give drafts their places at the end of the room, and tell everybody."""
    room, count = Room(pk=room_id), len(drafts)
    in_room = Step(room, by=count, counters={"number": count}, reads_all=True)
    own = {pk: Step(Personal(pk=pk)) for pk in {draft.author.pk for draft in drafts.values()}}
    advance(in_room, *own.values())
    messages = _numbered(room, drafts)
    last = {message.author_id: message for message in messages.values()}
    # Under the lock, so that nobody posts after the rev with which they were removed. What one
    # answers to has been read, and nobody can have read further than to these newest messages.
    members = posting.move_markers(
        room,
        [Marker(pk, last[pk].seq, last[pk].number, step.stream.rev) for pk, step in own.items()],
    )
    if members.keys() != own.keys():
        raise Membership.DoesNotExist
    _refuse_archived(room.archived)
    insert(list(messages.values()))
    here = {messages[key].pk: draft.here for key, draft in drafts.items() if draft.here}
    note_posted(room.pk, messages.values(), here)
    publish(in_room, map(message_row, messages.values()), head=head(room))
    for author, step in own.items():
        publish(step, [membership_row(members[author])])
    return messages


def _numbered(room: Room, drafts: dict[Any, Draft]) -> dict[Any, Message]:
    now = timezone.now()
    before, number = room.rev - len(drafts), room.number - len(drafts)
    return {
        key: Message(
            room_id=room.pk,
            author=draft.author,
            client_id=draft.client_id,
            seq=before + place,
            rev=before + place,
            number=number + place,
            text=draft.text,
            html=draft.html,
            via=draft.via,
            created=now,
        )
        for place, (key, draft) in enumerate(drafts.items(), start=1)
    }


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
