"""Saying something in a room from outside, and whom somebody may tell something."""

import re
from collections.abc import Collection
from uuid import uuid4

from django.urls import reverse

from chat import services
from chat.models import Membership, Room
from chat.services import Post
from notifications.publishing.content import Content
from notifications.publishing.tags import signs, words
from notifications.publishing.targets import Answer, Order, acquaintances, target
from realtime_project.live.codes import Conflict

VIA = "api"
# What Markdown could take for more than a letter.
_SIGNIFICANT = re.compile(r"([\\`*_{}\[\]<>()#+.!|~@&:-])")


@target("room")
def to_room(order: Order) -> Answer:
    """`room/7` or `room/releases`: a post of whose token it is, by who is in the room."""
    order.refuse("priority", "group", "expires")
    room = _room(order.sender.pk, order.name)
    # Nobody is there to be asked how many `@room` reaches.
    text = as_post(order.content)
    post = Post(order.sender.pk, uuid4(), text, is_confirmed=True, via=VIA)
    [outcome] = services.post_messages(room=room.pk, posts=[post])
    if isinstance(outcome, Exception):
        raise outcome
    url = reverse("chat:room-at", args=[room.pk, outcome.seq])
    return {"target": f"room/{room.pk}", "message": outcome.pk, "seq": outcome.seq, "url": url}


@acquaintances
def share_a_room(person: int, people: Collection[int]) -> set[int]:
    """Return who of these people is in a room with somebody."""
    rooms = Membership.objects.active().filter(person=person).values("room")
    there = Membership.objects.active().filter(person__in=people, room__in=rooms)
    return set(there.values_list("person", flat=True))


def as_post(content: Content) -> str:
    """Return the Markdown of what a program says: its text is Markdown, its title is not."""
    title = _SIGNIFICANT.sub(r"\\\1", content.title)
    first = " ".join(filter(None, (signs(content.tags), title and f"**{title}**")))
    last = " ".join(f"`{tag.replace('`', '')}`" for tag in words(content.tags))
    click = content.click and f"<{content.click}>"
    return "\n\n".join(filter(None, (first, content.text, click, last)))


def _room(person: int, name: str) -> Room:
    mine = Room.objects.visible_to(person)
    if name.isdecimal():
        return mine.get(pk=int(name))
    found = list(mine.filter(name__iexact=name)[:2])
    if len(found) > 1:
        raise Conflict("You are in several rooms of this name: say its number, as in room/7.")
    if not found:
        raise Room.DoesNotExist
    return found[0]
