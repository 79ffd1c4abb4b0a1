"""What messages say, in a few words: beside what people are told of them."""

import re
from collections.abc import Collection
from html import unescape

from django.utils.text import Truncator

from chat.models import Membership, Message
from notifications.excerpts import Pair, excerpts
from realtime_project.live.statements import Question

MAX_CHARACTERS = 160
# What stands on lines of its own. All HTML of messages is written by `text.render`.
_BLOCK = re.compile(r"</?(?:p|pre|li|ul|ol|blockquote|br|hr|h[1-6]|table|tr|td|th)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@excerpts
def of_messages(pairs: Collection[Pair]) -> dict[Pair, str]:
    """Return what people may read of messages. A batch of the fan-out asks for hundreds of people
    and one message: rows are tuples."""
    numbers = {message for _person, message in pairs}
    found = Message.objects.filter(pk__in=numbers, deleted=None).order_by()
    messages = {
        pk: (room, seq, html)
        for pk, room, seq, html in found.values_list("pk", "room", "seq", "html")
    }
    people = {person for person, _message in pairs}
    rooms = {room for room, _seq, _html in messages.values()}
    since = {(person, room): seq for person, room, seq in _SINCE.ask(people, rooms)}
    said = {pk: excerpt(html) for pk, (_room, _seq, html) in messages.items()}
    return {
        (person, pk): said[pk]
        for person, pk in pairs
        if pk in messages and _may_see(since.get((person, messages[pk][0])), messages[pk][1])
    }


def excerpt(html: str) -> str:
    """Return the first words of a message, on one line."""
    text = unescape(_TAG.sub("", _BLOCK.sub(" ", html)))
    return Truncator(" ".join(text.split())).chars(MAX_CHARACTERS)


def _may_see(since: int | None, seq: int) -> bool:
    return since is not None and since <= seq


_SINCE = Question(
    lambda people, rooms: (
        Membership.objects.active()
        .filter(person__in=people)
        .filter(room__in=rooms)
        .order_by()
        .values_list("person", "room", "since_seq")
    )
)
