"""What chat tells people about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from notifications.kinds import REPLY, Action, Channel, Kind, Pace, Story, register


def _added(story: Story) -> str:
    return gettext("%(who)s added you to %(room)s.") % {
        "who": story.who,
        "room": story.params["room"],
    }


def _mentioned(story: Story) -> str:
    return gettext("%(who)s mentioned you in %(room)s.") % {
        "who": story.who,
        "room": story.params["room"],
    }


def _called(story: Story) -> str:
    return gettext("%(who)s mentioned everybody in %(room)s.") % {
        "who": story.who,
        "room": story.params["room"],
    }


def _called_here(story: Story) -> str:
    return gettext("%(who)s mentioned everybody who is present in %(room)s.") % {
        "who": story.who,
        "room": story.params["room"],
    }


def _keyword(story: Story) -> str:
    return gettext("%(who)s wrote “%(word)s” in %(room)s.") % {
        "who": story.who,
        "word": story.params["word"],
        "room": story.params["room"],
    }


def _said(story: Story) -> str:
    return gettext("%(who)s wrote in %(room)s.") % {
        "who": story.who,
        "room": story.params["room"],
    }


def _reply(params: Mapping[str, Any]) -> Sequence[Action]:
    return [Action(REPLY, gettext_lazy("Reply"))]


ADDED = register(
    Kind(name="chat.added", label=gettext_lazy("Somebody adds me to a room"), text=_added)
)
MENTION = register(
    Kind(
        name="chat.mention",
        label=gettext_lazy("Somebody mentions me"),
        text=_mentioned,
        priority=4,
        actions=_reply,
    )
)
ROOM = register(
    Kind(
        name="chat.room",
        label=gettext_lazy("Somebody mentions everybody in a room"),
        text=_called,
        actions=_reply,
    )
)
HERE = register(
    Kind(
        name="chat.here",
        label=gettext_lazy("Somebody mentions everybody who is present in a room"),
        text=_called_here,
        actions=_reply,
    )
)
KEYWORD = register(
    Kind(
        name="chat.keyword",
        label=gettext_lazy("Somebody writes one of my keywords"),
        text=_keyword,
        actions=_reply,
    )
)
SAID = register(
    Kind(
        name="chat.message",
        label=gettext_lazy("Messages in rooms of which I want all"),
        text=_said,
        priority=2,
        paces={Channel.INBOX: Pace.INSTANT},
        is_personal=False,
        actions=_reply,
    )
)
