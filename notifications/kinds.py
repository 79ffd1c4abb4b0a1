"""Kinds of notifications: what an app can tell people about, and in which words.

An app declares its kinds in its `kinds.py`. A kind says how it reaches somebody who has chosen
nothing, how much it matters, and what it reads like; the words are made when they are read, in
the reader's language, from facts that were stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext, gettext_lazy, ngettext

from realtime_project.accounts.agents import describe

Words = str | Promise


class Channel(StrEnum):
    """A way to reach somebody."""

    INBOX = "inbox"
    PUSH = "push"
    EMAIL = "email"


class Pace(StrEnum):
    """How soon a channel tells."""

    INSTANT = "instant"
    DIGEST = "digest"
    OFF = "off"


DEFAULT_PACES: Mapping[Channel, Pace] = {
    Channel.INBOX: Pace.INSTANT,
    Channel.PUSH: Pace.INSTANT,
    Channel.EMAIL: Pace.DIGEST,
}


@dataclass(frozen=True)
class Story:
    """What a kind's text is made of."""

    who: str
    """Those whose doing it was, as “Bob”, “Bob and Carol” or “Bob and 3 others”."""
    count: int
    """How many events there were."""
    params: Mapping[str, Any]


REPLY = "reply"
"""The action that says something in the room of a notification, where it stands."""


@dataclass(frozen=True)
class Action:
    """A button of a notification: `REPLY`, or a POST to an address of this installation."""

    name: str
    label: Words
    url: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of notification. Its name begins with its app's, as `chat.added`."""

    name: str
    label: Words
    """What it is called among the preferences."""
    text: Callable[[Story], str]
    """Says what happened, in the language that is active."""
    priority: int = 3
    """From 1, which nobody needs to see soon, to 5, which may wake somebody up."""
    paces: Mapping[Channel, Pace] = field(default_factory=lambda: DEFAULT_PACES)
    is_locked: bool = False
    """Whether it cannot be turned off in the inbox."""
    detail: Callable[[Mapping[str, Any]], str] = field(default=lambda params: "")
    """What there is to read beside it, by the parameters of a notification: somebody's words, which
    are the same in every language."""
    is_personal: bool = True
    """Whether it is addressed to the person, as a message to a whole room is not."""
    actions: Callable[[Mapping[str, Any]], Sequence[Action]] = field(default=lambda params: ())
    """The buttons, by the parameters of a notification."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Declare a kind; the last one of a name counts."""
    _kinds[kind.name] = kind
    return kind


def find(name: str) -> Kind:
    """Return the kind of a name, or raise LookupError."""
    try:
        return kinds()[name]
    except KeyError:
        raise LookupError(f"There is no kind of notification “{name}”") from None


def kinds() -> Mapping[str, Kind]:
    """Return every kind by its name."""
    _import_all()
    return _kinds


@cache
def _import_all() -> None:
    # Once: to look whether an app has such a module takes a walk through the file system.
    autodiscover_modules("kinds")


def named_together(names: Sequence[str]) -> str:
    """Return how those are called whose doing something was, the last one first."""
    if not names:
        return gettext("Somebody")
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return gettext("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    others = len(names) - 1
    return ngettext("%(first)s and %(count)s other", "%(first)s and %(count)s others", others) % {
        "first": names[0],
        "count": others,
    }


def _sign_in(story: Story) -> str:
    return gettext("New sign-in: %(browser)s. If that was not you, change your password.") % {
        "browser": describe(str(story.params["agent"]))
    }


SIGN_IN = register(
    Kind(
        name="accounts.sign_in",
        label=gettext_lazy("Somebody signs in as me with a new browser"),
        text=_sign_in,
        priority=4,
        paces={**DEFAULT_PACES, Channel.EMAIL: Pace.INSTANT},
        is_locked=True,
    )
)

ANNOUNCEMENT = register(
    Kind(
        name="notifications.announcement",
        label=gettext_lazy("Announcements to everybody"),
        text=lambda story: str(story.params["title"]),
        is_locked=True,
    )
)

PUBLISHED = register(
    Kind(
        name="notifications.published",
        label=gettext_lazy("Messages from programs"),
        text=lambda story: str(story.params["title"]),
        detail=lambda params: str(params["detail"]),
    )
)
