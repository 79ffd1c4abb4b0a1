"""What a post asks of the database, each built once: it is asked for every few posts."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection

from chat.models import Membership, Message, Notify, Room
from notifications.models import Keyword
from realtime_project.accounts.models import APPEARANCE, User
from realtime_project.live.statements import Question, Rows, named


class Author(NamedTuple):
    """Somebody who is in a room, with what a message tells of them."""

    person: User
    room_archived: datetime | None
    """Since when nothing can be added to the room any more."""


class Marker(NamedTuple):
    """How far somebody has read, and the rev of their own stream that says so."""

    person: int
    seq: int
    number: int
    personal_rev: int


def authors(room: int, people: Collection[int]) -> dict[int, Author]:
    """Return those of these people who are in a room."""
    found = _AUTHORS.ask([room], people)
    shown = ((User.from_db(DEFAULT_DB_ALIAS, _SHOWN, row), archived) for archived, *row in found)
    return {person.pk: Author(person, archived) for person, archived in shown}


def move_markers(room: Room, markers: Sequence[Marker]) -> dict[int, Membership]:
    """Move the read markers of people, and return the memberships of those who are in the room:
    the others have none to move. A busy room does it for a hundred at once."""
    rows = Rows(field.cached_col for field in _MEMBERSHIP)
    moved = rows.read(_moving(len(markers)), [*chain.from_iterable(markers), room.pk])
    names = [field.attname for field in _MEMBERSHIP]
    members = [Membership.from_db(DEFAULT_DB_ALIAS, names, row) for row in moved]
    for member in members:
        member.room = room
    return {member.person_id: member for member in members}


def were_said(people: Collection[int], client_ids: Collection[UUID]) -> list[int]:
    """Return the numbers of messages that any of these people posted under any of these."""
    return [pk for (pk,) in _SAID.ask(people, client_ids)]


def somebody_listens(room: int) -> bool:
    """Return whether anybody may want to know of a message that mentions nobody: who wants all of
    this room, or watches for words, in whichever rooms."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTENING, [room])
        return bool(cursor.fetchone()[0])


# The level stands in it as a text, so that the index of those who want all is used.
_LISTENING = (
    "SELECT EXISTS (SELECT 1 FROM chat_membership "  # noqa: S608 (names come from the models)
    f"WHERE room_id = %s AND is_active AND notify = '{Notify.ALL.value}') "
    f"OR EXISTS (SELECT 1 FROM {Keyword._meta.db_table})"
)


@lru_cache(maxsize=200)
def _moving(count: int) -> str:
    # `column1` and so on is what both databases call the columns of VALUES.
    markers = ", ".join(["(%s, %s, %s, %s)"] * count)
    return (
        "UPDATE chat_membership "  # noqa: S608 (names come from the model)
        "SET read_seq = column2, read_number = column3, personal_rev = column4 "
        f"FROM (VALUES {markers}) AS moved "
        "WHERE room_id = %s AND person_id = column1 AND is_active "
        f"RETURNING {named(_MEMBERSHIP)}"
    )


_MEMBERSHIP = Membership._meta.concrete_fields
# `from_db` takes fields in the model's own order.
_SHOWN = [
    field.attname
    for field in User._meta.concrete_fields
    if field.name == "id" or field.name in APPEARANCE
]
_AUTHORS = Question(
    lambda rooms, people: (
        Membership.objects.active()
        .filter(room__in=rooms)
        .filter(person__in=people)
        .values_list("room__archived", *(f"person__{name}" for name in _SHOWN))
    )
)
_SAID = Question(
    lambda people, client_ids: (
        Message.objects.filter(author__in=people)
        .filter(client_id__in=client_ids)
        .order_by()
        .values_list("pk")
    )
)
