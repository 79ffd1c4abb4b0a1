"""What chat tells people about."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from notifications.kinds import REPLY, Action, Channel, Kind, Pace, Story, register


def _words(words: str) -> Callable[[Story], str]:
    """Return what makes words of a story, in the language of whoever reads them: given by
    `gettext_noop`, with names for who it was and for what the notice says besides."""
    return lambda story: gettext(words) % {"who": story.who, **story.params}


def _reply(params: Mapping[str, Any]) -> Sequence[Action]:
    return [Action(REPLY, gettext_lazy("Reply"))]


def _join(params: Mapping[str, Any]) -> Sequence[Action]:
    url = reverse("chat:room-join", args=[params["number"]])
    return [Action("join", gettext_lazy("Join"), url)]


ADDED = register(
    Kind(
        name="chat.added",
        label=gettext_lazy("Somebody adds me to a room"),
        text=_words(gettext_noop("%(who)s added you to %(room)s.")),
    )
)
INVITED = register(
    Kind(
        name="chat.invited",
        label=gettext_lazy("Somebody invites me to a room"),
        text=_words(gettext_noop("%(who)s invited you to %(room)s.")),
        actions=_join,
    )
)
MENTION = register(
    Kind(
        name="chat.mention",
        label=gettext_lazy("Somebody mentions me"),
        text=_words(gettext_noop("%(who)s mentioned you in %(room)s.")),
        priority=4,
        actions=_reply,
    )
)
ROOM = register(
    Kind(
        name="chat.room",
        label=gettext_lazy("Somebody mentions everybody in a room"),
        text=_words(gettext_noop("%(who)s mentioned everybody in %(room)s.")),
        actions=_reply,
    )
)
HERE = register(
    Kind(
        name="chat.here",
        label=gettext_lazy("Somebody mentions everybody who is present in a room"),
        text=_words(gettext_noop("%(who)s mentioned everybody who is present in %(room)s.")),
        actions=_reply,
    )
)
KEYWORD = register(
    Kind(
        name="chat.keyword",
        label=gettext_lazy("Somebody writes one of my keywords"),
        text=_words(gettext_noop("%(who)s wrote “%(word)s” in %(room)s.")),
        actions=_reply,
    )
)
SAID = register(
    Kind(
        name="chat.message",
        label=gettext_lazy("Messages in rooms of which I want all"),
        text=_words(gettext_noop("%(who)s wrote in %(room)s.")),
        priority=2,
        paces={Channel.INBOX: Pace.INSTANT},
        is_personal=False,
        actions=_reply,
    )
)
