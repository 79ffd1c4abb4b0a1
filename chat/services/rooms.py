"""What people do with rooms: make, enter, leave. Each verb checks, writes and tells."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chat.models import Membership, Personal, Role, Room
from chat.rows import head, member_row, membership_row, room_row
from realtime_project.live import revocation
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance

FIRST_ROOM = "general"


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
            _enter(room, person, Role.OWNER, is_new_room=True)
    except IntegrityError:
        # Somebody took the name a moment ago: the same refusal as if they had had it before.
        room.pk = None
        room.full_clean(exclude=["created_by"])
        raise
    return room


def join_room(*, person: int, room: int) -> Room:
    """Enter a public room. Who is in it already stays as they are."""
    with transaction.atomic():
        found = Room.objects.public().get(pk=room)
        if not found.memberships.active().filter(person_id=person).exists():
            _enter(found, person, Role.MEMBER)
    return found


def leave_room(*, person: int, room: int) -> None:
    """Go out of a room: from the next rev on nothing of it arrives any more."""
    with transaction.atomic():
        membership = Membership.objects.of(person, room)
        if membership.role == Role.OWNER and _is_needed(membership):
            raise ValidationError(_("Make somebody else the owner of this room first."))
        membership.is_active = False
        _tell_membership(membership)


def remove_member(*, person: int, room: int, member: int) -> Membership:
    """Put somebody out of a room: they hear nothing of it any more, on none of their pages.

    Owners and moderators may; an owner only by another owner.
    """
    with transaction.atomic():
        actor = Membership.objects.of(person, room)
        membership = Membership.objects.of(member, room)
        if not actor.may_remove(membership):
            raise PermissionDenied(_("You cannot remove this person."))
        membership.is_active = False
        _tell_membership(membership, is_removed=True)
    return membership


def welcome(person: int) -> None:
    """Give somebody who is new a stream of their own and their first rooms. Does nothing later."""
    if Personal.objects.filter(pk=person).exists():
        return
    with transaction.atomic():
        Personal.objects.get_or_create(pk=person)
        if not Room.objects.exists():
            _create_first_room(person)
        joined = Membership.objects.filter(person_id=person)
        for room in Room.objects.filter(is_default=True).exclude(pk__in=joined.values("room_id")):
            _enter(room, person, Role.MEMBER)


def _create_first_room(person: int) -> None:
    try:
        with transaction.atomic():
            room = Room.objects.create(
                name=FIRST_ROOM,
                topic=_("For everybody and everything"),
                is_default=True,
                created_by_id=person,
            )
            _enter(room, person, Role.OWNER, is_new_room=True)
    except IntegrityError:
        # Somebody else came at the same moment and made it.
        return


def _enter(room: Room, person: int, role: Role, *, is_new_room: bool = False) -> None:
    Personal.objects.get_or_create(pk=person)
    in_room, own = Step(room), Step(Personal(pk=person))
    advance(in_room, own)
    if is_new_room:
        room.changed_rev = room.rev
        room.save(update_fields=["changed_rev"])
    # Who was here before comes back as they were, but what was said in between counts as read.
    membership, _is_new = Membership.objects.update_or_create(
        room=room,
        person_id=person,
        defaults={"is_active": True, "rev": room.rev, "personal_rev": own.stream.rev}
        | _reading_from_now_on(room),
        create_defaults={
            "role": role,
            "rev": room.rev,
            "personal_rev": own.stream.rev,
            **_reading_from_now_on(room),
        },
    )
    rows = [room_row(room)] if is_new_room else []
    publish(in_room, [*rows, member_row(membership)], head=head(room))
    publish(own, [membership_row(membership)])


def _reading_from_now_on(room: Room) -> dict[str, int]:
    since = 0 if room.is_history_open else room.rev
    return {"since_seq": since, "read_seq": room.rev, "read_number": room.number}


def _tell_membership(membership: Membership, *, is_removed: bool = False) -> None:
    in_room, own = Step(membership.room), Step(Personal(pk=membership.person_id))
    control = [revocation.next_step()] if is_removed else []
    advance(in_room, own, *control)
    membership.rev, membership.personal_rev = in_room.stream.rev, own.stream.rev
    membership.save(update_fields=["is_active", "role", "rev", "personal_rev"])
    for step in control:
        # Told before the room's own row, so that every worker counts what it takes away.
        revocation.revoke_stream(step, membership.person_id, membership.room)
    publish(in_room, [member_row(membership)], head=head(membership.room))
    publish(own, [membership_row(membership)])


def _is_needed(owner: Membership) -> bool:
    others = owner.room.memberships.active().exclude(pk=owner.pk)
    return others.exists() and not others.filter(role=Role.OWNER).exists()
