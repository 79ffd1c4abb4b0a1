"""What apps say to the inboxes: that something happened to somebody, or did not after all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from notifications.decision import Standing

Params = Mapping[str, str | int]
EVERYBODY = Standing(may_see=True)
MAX_EVENTS = 100
"""How many events of a group are known one by one."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event of a group, as it is stored: what tells it from others, and whose doing it was."""

    key: str = ""
    actor: int | None = None
    message: int | None = None


@dataclass(frozen=True)
class Notice:
    """Something of a registered kind that concerns one person.

    The same `key` again is not told again. Notices with the same `group` are one notification,
    which comes up anew with each. Nobody is told of what they did themselves.
    """

    person: int
    kind: str
    key: str = ""
    group: str = ""
    actor: int | None = None
    room: int | None = None
    message: int | None = None
    url: str = ""
    params: Params = field(default_factory=dict)
    """What the kind's text is made of: facts, never words."""
    priority: int | None = None
    """Where it differs from the kind's."""
    expires: datetime | None = None
    happened: datetime | None = None
    """Where it was not just now."""
    place: str = ""
    """The topic whose page shows it, such as `room:7`, and its rev there."""
    rev: int = 0
    standing: Standing = EVERYBODY
    """How it stands with the person and that place."""

    @property
    def event(self) -> Event:
        return Event(self.key, self.actor, self.message)

    @property
    def subject(self) -> str:
        """By which name its reasons are kept."""
        return subject_of(self.event)


@dataclass(frozen=True)
class Retraction:
    """What was told to one person about a message, a room or a group is not so any more. With a
    group and a `key` or a message, only that event of it."""

    person: int
    message: int | None = None
    room: int | None = None
    group: str = ""
    key: str = ""


@dataclass(frozen=True)
class Outreach:
    """Somebody may be told of an announcement where they are not looking. Their inbox shows it
    anyway: it is one row for everybody."""

    person: int
    announcement: int


Entry = Notice | Retraction | Outreach

_events = msgspec.json.Decoder(list[Event])
_params = msgspec.json.Decoder(dict[str, str | int])
_facts = msgspec.json.Decoder(dict[str, Any])


def subject_of(event: Event) -> str:
    """Return by which name the reasons for telling of an event are kept: by the message that it
    is about, or by its key. What has neither leaves none."""
    return f"message:{event.message}" if event.message else event.key


def read_events(stored: str) -> list[Event]:
    """Return events as they were stored."""
    return _events.decode(stored)


def read_params(stored: str) -> dict[str, str | int]:
    """Return parameters as they were stored."""
    return _params.decode(stored)


def read_facts(stored: str) -> dict[str, Any]:
    """Return the facts of a happening as they were stored."""
    return _facts.decode(stored)


def store(value: object) -> str:
    """Return events, parameters or facts as they are stored."""
    return msgspec.json.encode(value).decode()
