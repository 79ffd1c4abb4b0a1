"""How many are reached by a message that mentions a whole room, and when that is asked first."""

from collections.abc import Collection

from django.utils.translation import ngettext

from chat import mentions
from chat.mentions import Crowd
from chat.models import Membership
from realtime_project.live.codes import Unconfirmed

ASKS_ABOVE = 20
"""So many people may be mentioned at once without being asked."""


def audience(*, person: int, room: int, text: str, here: Collection[int]) -> int:
    """Return how many others a text mentions at once; `here` are those who are present now.

    Raises DoesNotExist for who is not in the room.
    """
    Membership.objects.of(person, room)
    return reached(person=person, room=room, crowd=mentions.read(text).crowd, here=here)


def reached(*, person: int, room: int, crowd: Crowd | None, here: Collection[int]) -> int:
    """Return how many of a room are a crowd, without who mentions it."""
    if crowd is None:
        return 0
    members = Membership.objects.active().filter(room=room).exclude(person=person)
    return (members if crowd is Crowd.ROOM else members.filter(person__in=here)).count()


def refuse_unconfirmed(people: int) -> None:
    """Refuse what mentions so many that it is asked about. Raises Unconfirmed."""
    if people > ASKS_ABOVE:
        raise Unconfirmed(
            ngettext("This notifies %(count)s person.", "This notifies %(count)s people.", people)
            % {"count": people}
        )
