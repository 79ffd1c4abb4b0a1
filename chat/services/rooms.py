"""What people do with rooms: make them, say what they are for, archive them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Role, Room
from chat.rows import head, room_row
from chat.services.members import acting_member, enter
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


def create_room(
    *,
    person: int,
    name: str,
    topic: str = "",
    is_private: bool = False,
    is_history_open: bool = True,
) -> Room:
    """Make a room; who makes it owns it."""
    room = Room(
        name=name.strip(),
        topic=topic.strip(),
        is_private=is_private,
        is_history_open=is_history_open,
        created_by_id=person,
    )
    room.full_clean(exclude=["created_by"])
    try:
        with transaction.atomic():
            room.save()
            enter(room, [person], Role.OWNER, is_new_room=True)
    except IntegrityError:
        # Somebody took the name a moment ago: the same refusal as if they had had it before.
        room.pk = None
        room.full_clean(exclude=["created_by"])
        raise
    return room


def update_room(*, person: int, room: int, **facts: Any) -> Room:
    """Give a room another `name`, `topic` or `is_history_open`. Its owners and moderators may."""
    with transaction.atomic():
        found = managed_room(person, room)
        for field, value in facts.items():
            setattr(found, field, value.strip() if isinstance(value, str) else value)
        found.full_clean(exclude=["created_by"])
        try:
            _tell_facts(found, *facts)
        except IntegrityError:
            found.full_clean(exclude=["created_by"])
            raise
    return found


def archive_room(*, person: int, room: int, archived: bool) -> Room:
    """Close a room for anything new, or open it again. What was said can still be read."""
    with transaction.atomic():
        found = managed_room(person, room)
        if found.is_archived != archived:
            found.archived = timezone.now() if archived else None
            _tell_facts(found, "archived")
    return found


def managed_room(person: int, room: int) -> Room:
    """Return a room that somebody may manage. Raises PermissionDenied for its other members."""
    membership = acting_member(person, room)
    if not membership.may_manage:
        raise PermissionDenied(_("Only its owners and moderators can change this room."))
    return membership.room


def _tell_facts(room: Room, *fields: str) -> None:
    step = Step(room)
    advance(step)
    room.changed_rev = room.rev
    with transaction.atomic():
        room.save(update_fields=[*fields, "changed_rev"])
    publish(step, [room_row(room)], head=head(room))
