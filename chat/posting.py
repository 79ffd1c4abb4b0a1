"""What a post asks of the database, again and again: each question is built once."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from chat.models import Membership, Message, Room
from realtime_project.accounts.models import User
from realtime_project.live.statements import Question, Values


class Author(NamedTuple):
    """Somebody who is in a room, with what a message tells of them."""

    person: User
    room_archived: datetime | None
    """Since when nothing can be added to the room any more."""


def authors(room: int, people: Collection[int]) -> dict[int, Author]:
    """Return those of these people who are in a room."""
    found = _AUTHORS.ask([room], people)
    shown = ((User.from_db(DEFAULT_DB_ALIAS, _SHOWN, row), archived) for archived, *row in found)
    return {person.pk: Author(person, archived) for person, archived in shown}


def memberships(room: Room, people: Collection[int]) -> dict[int, Membership]:
    """Return the memberships of those of these people who are in a room."""
    found = _MEMBERSHIPS.ask([room.pk], people)
    members = [Membership.from_db(DEFAULT_DB_ALIAS, _MEMBERSHIP, row) for row in found]
    for member in members:
        member.room = room
    return {member.person_id: member for member in members}


def were_said(people: Collection[int], client_ids: Collection[UUID]) -> list[int]:
    """Return the numbers of messages that any of these people posted under any of these."""
    return [pk for (pk,) in _SAID.ask(people, client_ids)]


def _in_room(rooms: Values, people: Values) -> QuerySet[Membership]:
    return Membership.objects.active().filter(room__in=rooms).filter(person__in=people)


# `from_db` takes fields in the model's own order.
_MEMBERSHIP = [field.attname for field in Membership._meta.concrete_fields]
_SHOWN = [
    field.attname
    for field in User._meta.concrete_fields
    if field.name in {"id", "username", "display_name", "avatar_color", "is_bot"}
]
_AUTHORS = Question(
    lambda rooms, people: _in_room(rooms, people).values_list(
        "room__archived", *(f"person__{name}" for name in _SHOWN)
    )
)
_MEMBERSHIPS = Question(lambda rooms, people: _in_room(rooms, people).values_list(*_MEMBERSHIP))
_SAID = Question(
    lambda people, client_ids: (
        Message.objects.filter(author__in=people)
        .filter(client_id__in=client_ids)
        .order_by()
        .values_list("pk")
    )
)
