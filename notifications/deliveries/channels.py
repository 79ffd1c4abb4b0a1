"""The table of channels to the outside.

An app declares its channels in its `channels.py`. A channel says whom it reaches, and sends; what
is sent when, again, or not at all is decided here for all of them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TypeAlias

from django.utils.module_loading import autodiscover_modules

from notifications.deliveries.models import Why
from realtime_project.accounts.models import User

PUSH, MAIL = "push", "mail"


@dataclass(frozen=True)
class Item:
    """Something that one person is told of, in the language that they read."""

    delivery: int
    """Its number: the same when it is tried again."""
    tag: str
    """The same for all events of one notification: what was shown of it before is replaced."""
    seq: int
    kind: str
    label: str
    text: str
    where: str
    """What the room is called, if it is about one."""
    url: str
    """Within this installation, or of anywhere for an announcement; may be empty."""
    priority: int
    happened: datetime
    room: int | None = None
    message: int | None = None
    notification: int | None = None
    announcement: int | None = None
    why: Why = Why.INSTANT
    detail: str = ""
    """What there is to read beside the text."""


@dataclass(frozen=True)
class Sent:
    """It is on its way."""


@dataclass(frozen=True)
class Gone:
    """A target is no more: the channel has forgotten it, and nothing is tried again there."""


@dataclass(frozen=True)
class Again:
    """It did not get through now. With a target, of several, only that one is tried again."""

    reason: str
    after: timedelta | None = None
    """How long the other side wants to be left alone, if it said so."""
    target: str = ""


@dataclass(frozen=True)
class Refused:
    """It will not get through: an admin has to look at it."""

    reason: str


Outcome: TypeAlias = Sent | Gone | Again | Refused

Send = Callable[[User, Sequence[Item], str], Sequence[Outcome]]
"""Sends items to all of a person's targets, or to the one given: one outcome for each target. It
is called outside of any transaction, from several threads at once, and may be called again for
what was sent when its process died before it could say so."""
Withdrawn = Callable[[User, Sequence[Item]], None]
"""Takes back what was sent: it was read elsewhere, or is not so any more. What it raises is logged
and not tried again."""


def _all(people: Collection[int]) -> Collection[int]:
    return people


@dataclass(frozen=True)
class Channel:
    """A way to the outside."""

    name: str
    available: Callable[[], bool]
    """Whether the installation has it at all."""
    send: Send
    reaches: Callable[[Collection[int]], Collection[int]] = _all
    """Whom of these people it reaches: those with an address, or a browser. Asked for many at
    once, in the transaction in which they are told."""
    withdrawn: Withdrawn | None = None
    next_digest: Callable[[Collection[int], datetime], Mapping[int, datetime]] | None = None
    """When each of these people gets the next digest; without it there are none."""
    may_send: Callable[[Sequence[datetime], datetime], datetime] | None = None
    """When something may be sent at the earliest, by when others were within the last hour."""


_channels: dict[str, Channel] = {}


def register(channel: Channel) -> Channel:
    """Declare a channel; the last one of a name counts."""
    _channels[channel.name] = channel
    return channel


def available() -> Iterable[Channel]:
    """Return the channels that the installation has."""
    return [one for one in channels().values() if one.available()]


def is_available(name: str) -> bool:
    """Return whether the installation has a channel."""
    return any(one.name == name for one in available())


def channels() -> Mapping[str, Channel]:
    """Return every channel by its name."""
    _import_all()
    return _channels


@cache
def _import_all() -> None:
    autodiscover_modules("channels")
