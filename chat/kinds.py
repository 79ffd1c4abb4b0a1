"""What chat tells people about."""

from django.utils.translation import gettext, gettext_lazy

from notifications.kinds import Kind, Story, register


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


ADDED = register(
    Kind(name="chat.added", label=gettext_lazy("Somebody adds me to a room"), text=_added)
)
MENTION = register(
    Kind(
        name="chat.mention",
        label=gettext_lazy("Somebody mentions me"),
        text=_mentioned,
        priority=4,
    )
)
