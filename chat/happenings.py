"""Whom it concerns what happens in rooms."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse

from chat import mentions
from chat.kinds import ADDED, HERE, INVITED, KEYWORD, MENTION, ROOM, SAID
from chat.mentions import Crowd
from chat.models import Membership, Message, Notify, Room
from chat.services.members import invitation_to
from chat.standing import standing
from notifications.kinds import Kind
from notifications.notices import Entry, Notice
from notifications.outbox import Page, tells
from notifications.preferences.queries import watching
from realtime_project.accounts.models import User


class Member(NamedTuple):
    """What has to be known of a member: a hundred thousand are read without an object of Django's
    for each."""

    person_id: int
    since_seq: int
    notify: str
    muted_until: datetime | None
    read_seq: int


class Call(NamedTuple):
    """Whom a message calls: a crowd, those who are named, and those who were present for it."""

    crowd: Crowd | None
    named: Collection[int]
    here: Collection[int]


@tells("chat.added")
def added(page: Page, *, room: int, rev: int, by: int, people: Collection[int]) -> Sequence[Entry]:
    """Those whom somebody has brought into a room, and who are in it still."""
    return [
        Notice(
            person=one.person_id,
            kind=ADDED.name,
            key=f"added:{room}:{rev}",
            actor=by,
            room=room,
            url=reverse("chat:room", args=[room]),
            params={"room": one.room.name},
        )
        for one in _members(page, room)
        .select_related("room")
        .filter(person__in=people)[: page.limit]
    ]


@tells("chat.invited")
def invited(page: Page, *, room: int, by: int, people: Collection[int]) -> Sequence[Entry]:
    """Those whom somebody has asked into an open room, and who are not in it."""
    found = Room.objects.public().open().filter(pk=room).first()
    if found is None:
        return []
    asked = User.objects.filter(pk__in=people, pk__gt=page.after, is_active=True)
    outside = asked.exclude(pk__in=found.memberships.active().values("person"))
    return [
        Notice(
            person=one,
            kind=INVITED.name,
            # Asked by the same person again, nobody is told again.
            key=f"invited:{room}:{by}",
            group=invitation_to(room),
            actor=by,
            room=room,
            url=f"{reverse('chat:rooms')}?{urlencode({'q': found.name})}",
            params={"room": found.name, "number": room},
        )
        for one in outside.order_by("pk").values_list("pk", flat=True)[: page.limit]
    ]


@tells("chat.posted")
def posted(page: Page, *, message: int, here: Collection[int] = ()) -> Sequence[Entry]:
    """Those who may read a message and are mentioned in it, by name or as one of those who were
    present, watch for a word of it, or want to know of all that is said in the room."""
    found = Message.objects.filter(pk=message, deleted=None).select_related("room").first()
    if found is None:
        return []
    meant = mentions.read(found.text)
    call = Call(meant.crowd, mentions.people_named(meant.names), here)
    members = _members(page, found.room_id).filter(since_seq__lte=found.seq)
    concerned, words = _concerned(members, found.text, call, page.limit)
    url = _url(found)
    return [
        _notice(one, found, _kind(one, call, words), url, word=words.get(one.person_id, ""))
        for one in concerned
    ]


def _concerned(
    members: QuerySet[Membership], text: str, call: Call, limit: int
) -> tuple[list[Member], dict[int, str]]:
    """Return the first of those whom a text concerns, and which word of theirs stands in it."""
    if call.crowd is Crowd.ROOM:
        # It concerns everybody, whoever watches for its words.
        return _read(members[:limit]), {}
    words = watching(members.order_by().values("person"), text)
    concerned = members.filter(
        Q(person__in=call.named)
        | Q(person__in=call.here)
        | Q(person__in=words)
        | Q(notify=Notify.ALL)
    )
    return _read(concerned[:limit]), words


@tells("chat.called")
def called(page: Page, *, room: int, message: int, people: Collection[int]) -> Sequence[Entry]:
    """Those who were mentioned before they were in the room, and may read it now."""
    there = Message.objects.filter(pk=message, room=room, deleted=None)
    found = there.select_related("room").first()
    if found is None:
        return []
    members = _members(page, room).filter(person__in=people, since_seq__lte=found.seq)
    named = mentions.people_named(mentions.mentioned(found.text))
    meant = members.filter(person__in=named)
    url = _url(found)
    return [_notice(one, found, MENTION, url, word="") for one in _read(meant[: page.limit])]


def _kind(member: Member, call: Call, words: Collection[int]) -> Kind:
    if member.person_id in call.named:
        return MENTION
    if call.crowd is Crowd.ROOM:
        return ROOM
    if member.person_id in call.here:
        return HERE
    return KEYWORD if member.person_id in words else SAID


def _notice(member: Member, message: Message, kind: Kind, url: str, *, word: str) -> Notice:
    return Notice(
        person=member.person_id,
        kind=kind.name,
        key=f"message:{message.pk}",
        actor=message.author_id,
        room=message.room_id,
        message=message.pk,
        url=url,
        params={"room": message.room.name, "word": word},
        happened=message.created,
        place=message.room.key,
        rev=message.seq,
        standing=standing(member, message),
    )


def _read(members: QuerySet[Membership]) -> list[Member]:
    rows = members.values_list("person_id", "since_seq", "notify", "muted_until", "read_seq")
    return [Member(*row) for row in rows]


def _url(message: Message) -> str:
    return reverse("chat:room-at", args=[message.room_id, message.seq])


def _members(page: Page, room: int) -> QuerySet[Membership]:
    members = Membership.objects.active().filter(room=room, person__gt=page.after)
    return members.order_by("person")
