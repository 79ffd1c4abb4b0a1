"""Rows for the hub, with the words that kinds make of stored facts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext, override

from notifications import kinds
from notifications.excerpts import excerpts_for
from notifications.kinds import Kind, Story, named_together
from notifications.models import Announcement, Mark, Notification
from notifications.notices import Event, read_events, read_params
from notifications.protocol import (
    AnnouncementRow,
    Button,
    InboxRow,
    MarkRow,
    NotificationRow,
)
from realtime_project.accounts.models import APPEARANCE, User
from realtime_project.accounts.protocol import Person
from realtime_project.live import changes
from realtime_project.live.changes import Row
from realtime_project.live.statements import Question

MAX_SHOWN = 3


def notification_rows(notifications: Sequence[Notification]) -> list[Row]:
    """Return the rows of notifications, in the order given."""
    return [changes.row(one) for one in shown(notifications)]


def inbox_row(inbox: InboxRow) -> Row:
    return changes.row(inbox)


def mark_row(mark: Mark) -> Row:
    return changes.row(MarkRow.of(mark))


def announcement_row(announcement: Announcement) -> Row:
    return changes.row(AnnouncementRow.of(announcement))


def shown(notifications: Sequence[Notification]) -> list[NotificationRow]:
    """Return notifications as pages show them; of those that are gone nothing but that."""
    events = [[] if one.is_gone else read_events(one.events) for one in notifications]
    actors = _actors({event.actor for some in events for event in some if event.actor})
    wording = Wording()
    said = _said(notifications)
    return [
        _shown(one, _last_actors(some, actors), wording, said.get(one.pk, ""))
        for one, some in zip(notifications, events, strict=True)
    ]


def _said(notifications: Sequence[Notification]) -> dict[int, str]:
    """Return what the messages say that notifications are about: each about one of them."""
    about = {
        one.pk: (one.inbox_id, one.message)
        for one in notifications
        if one.message is not None and one.count == 1 and not one.is_gone
    }
    said = excerpts_for(set(about.values()))
    return {pk: said.get(pair, "") for pk, pair in about.items()}


@dataclass(frozen=True)
class Beside:
    """What stands beside the text of a notification."""

    where: str = ""
    detail: str = ""
    buttons: list[Button] = field(default_factory=list)


NOTHING = Beside()


class Wording:
    """Makes what is read of a notification, in every language: of a thousand people who are told
    the same it is made once."""

    def __init__(self) -> None:
        self._made: dict[Any, dict[str, str]] = {}
        self._beside: dict[tuple[str, str], Beside] = {}

    def beside(self, notification: Notification) -> Beside:
        """Return what stands beside the text, as its kind and its parameters say."""
        told = (notification.kind, notification.params)
        if told not in self._beside:
            self._beside[told] = _beside(notification)
        return self._beside[told]

    def text(self, notification: Notification, names: Sequence[str]) -> dict[str, str]:
        """Return what a notification reads like, by language."""
        told = (notification.kind, notification.params, notification.count, tuple(names))
        if told not in self._made:
            kind = kinds.kinds().get(notification.kind)
            params = read_params(notification.params)
            make = partial(_text, kind, names, notification.count, params)
            self._made[told] = in_every_language(make)
        return self._made[told]


def _text(
    kind: Kind | None, names: Sequence[str], count: int, params: Mapping[str, str | int]
) -> str:
    if kind is None:
        # Of an app that is not installed any more.
        return gettext("Something happened.")
    return kind.text(Story(who=named_together(names), count=count, params=params))


def in_every_language(make: Callable[[], str]) -> dict[str, str]:
    """Return what is said in each language of the installation."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            said[code] = make()
    return said


def _shown(
    notification: Notification, actors: Sequence[Person], wording: Wording, said: str
) -> NotificationRow:
    is_gone = notification.is_gone
    text = {} if is_gone else wording.text(notification, [actor.name for actor in actors])
    beside = NOTHING if is_gone else wording.beside(notification)
    return NotificationRow(
        id=notification.pk,
        rev=notification.rev,
        seq=notification.seq,
        unread_rev=notification.unread_rev,
        place=notification.place,
        type=notification.kind,
        text=text,
        detail=said or beside.detail,
        actors=list(actors[:MAX_SHOWN]),
        count=notification.count,
        room=None if is_gone else notification.room,
        where=beside.where,
        message=None if is_gone else notification.message,
        url="" if is_gone else notification.url,
        priority=notification.priority,
        actions=beside.buttons,
        created=notification.created,
        happened=notification.happened,
        snoozed_until=notification.snoozed_until,
        quiet=notification.is_quiet,
    )


def _beside(notification: Notification) -> Beside:
    kind, params = kinds.kinds().get(notification.kind), read_params(notification.params)
    where = str(params.get("room", ""))
    if kind is None:
        return Beside(where)
    buttons = [
        Button(one.name, in_every_language(partial(str, one.label)), one.url)
        for one in kind.actions(params)
    ]
    return Beside(where, kind.detail(params), buttons)


def _last_actors(events: Sequence[Event], actors: Mapping[int, Person]) -> list[Person]:
    # A dictionary keeps each once, and the order.
    numbers = dict.fromkeys(event.actor for event in reversed(events) if event.actor)
    return [actors[number] for number in numbers if number in actors]


def _actors(people: set[int]) -> dict[int, Person]:
    found = (User.from_db(DEFAULT_DB_ALIAS, _SHOWN, row) for row in _ACTORS.ask(people))
    return {person.pk: Person.of(person) for person in found}


# `from_db` takes fields in the model's own order.
_SHOWN = [
    field.attname
    for field in User._meta.concrete_fields
    if field.name == "id" or field.name in APPEARANCE
]
_ACTORS = Question(lambda people: User.objects.filter(pk__in=people).values_list(*_SHOWN))
