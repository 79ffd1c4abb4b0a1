"""Saying something to a person, to a group, to everybody."""

from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied

from notifications.publishing.targets import Answer, Order, known_to, target
from notifications.publishing.wording import heading
from notifications.services import announce, happened
from realtime_project.accounts import queries
from realtime_project.accounts.models import User


@target("person")
def to_person(order: Order) -> Answer:
    """`person/bob`: oneself, who shares a room, or anybody for those who run the place."""
    person = User.objects.get(username=order.name, is_active=True)
    if not _may_tell(order.sender, person.pk):
        # As if there were nobody of that name.
        raise User.DoesNotExist
    happened("notifications.published", published=order.number, person=person.pk)
    return {"target": f"person/{person.username}"}


@target("group")
def to_group(order: Order) -> Answer:
    """`group/ops`: a group of the admin, by who is in it or runs the place."""
    group = Group.objects.get(name=order.name)
    is_in_it = order.sender.groups.filter(pk=group.pk).exists()
    if not is_in_it and not queries.runs_the_place(order.sender):
        raise Group.DoesNotExist
    happened("notifications.published", published=order.number, group=group.pk)
    return {"target": f"group/{group.name}"}


@target("all")
def to_all(order: Order) -> Answer:
    """`all`: an announcement, by staff who may make them in the admin."""
    if order.name:
        raise User.DoesNotExist
    if not (order.sender.is_staff and order.sender.has_perm("notifications.add_announcement")):
        raise PermissionDenied("Only staff who may make announcements tell everybody.")
    order.refuse("group", "tags")
    content = order.content
    title, text = heading(content.title, content.text)
    made = announce(
        title=title,
        text=text,
        url=content.click,
        priority=content.priority or 3,
        author=order.sender.pk,
        expires=content.expires,
    )
    return {"target": "all", "announcement": made.pk}


def _may_tell(sender: User, person: int) -> bool:
    if person == sender.pk or queries.runs_the_place(sender):
        return True
    return person in known_to(sender.pk, [person])
