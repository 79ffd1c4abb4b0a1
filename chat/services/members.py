"""Who is in a room: entering, adding, leaving, removing, and who may do what there."""

from collections.abc import Iterable, Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chat.models import Membership, Personal, Role, Room, room_left
from chat.rows import head, member_row, membership_row, room_row
from notifications.services import forget_group_of, forget_room, happened
from realtime_project.accounts.models import User
from realtime_project.live import revocation
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance

FIRST_ROOM = "general"


def join_room(*, person: int, room: int) -> Room:
    """Enter a public room. Who is in it already stays as they are."""
    with transaction.atomic():
        found = Room.objects.public().get(pk=room)
        if not found.memberships.active().filter(person_id=person).exists():
            _refuse_archived(found)
            enter(found, [person], Role.MEMBER)
    return found


def add_members(
    *, person: int, room: int, people: Iterable[int], message: int | None = None
) -> list[Membership]:
    """Bring people into a room, public or private. Everybody who is in it may; who is in it
    already stays as they are, and who has no account or none any more is left out.

    With a `message` those whom it mentions are told of it, as far as they may read it now.
    """
    with transaction.atomic():
        found = Membership.objects.of(person, room).room
        _refuse_archived(found)
        inside = found.memberships.active().values("person_id")
        invited = User.objects.filter(pk__in=people, is_active=True).exclude(pk__in=inside)
        entered = enter(found, [one.pk for one in invited], Role.MEMBER)
        if entered:
            came = [one.person_id for one in entered]
            happened("chat.added", room=found.pk, rev=found.rev, by=person, people=came)
            if message is not None:
                happened("chat.called", room=found.pk, message=message, people=came)
        return entered


def invite(*, person: int, room: int, people: Iterable[int]) -> list[User]:
    """Ask people into a public room: they are told, and come in when they press a button. Who is in
    it already is left out, as is who has no account any more. Returns the others."""
    with transaction.atomic():
        found = Membership.objects.of(person, room).room
        _refuse_archived(found)
        if found.is_private:
            raise PermissionDenied(_("People are added to a private room, not invited."))
        inside = found.memberships.active().values("person_id")
        invited = list(User.objects.filter(pk__in=people, is_active=True).exclude(pk__in=inside))
        if invited:
            numbers = sorted(one.pk for one in invited)
            happened("chat.invited", room=found.pk, by=person, people=numbers)
    return invited


def leave_room(*, person: int, room: int) -> None:
    """Go out of a room: from the next rev on nothing of it arrives any more."""
    with transaction.atomic():
        membership = Membership.objects.of(person, room)
        _refuse_last_owner(membership)
        membership.is_active = False
        _tell_membership(membership)


def remove_member(*, person: int, room: int, member: int) -> Membership:
    """Put somebody out of a room: they hear nothing of it any more, on none of their pages.

    Owners and moderators may; an owner only by another owner.
    """
    with transaction.atomic():
        actor = acting_member(person, room)
        membership = Membership.objects.of(member, room)
        if not actor.may_remove(membership):
            raise PermissionDenied(_("You cannot remove this person."))
        membership.is_active = False
        _tell_membership(membership, is_removed=True)
    return membership


def set_role(*, person: int, room: int, member: int, role: Role) -> Membership:
    """Say what somebody may do in a room. Its owners may; one owner at least stays."""
    with transaction.atomic():
        if not acting_member(person, room).may_appoint:
            raise PermissionDenied(_("Only owners of the room can say who may do what."))
        membership = Membership.objects.of(member, room)
        if membership.role != role:
            if role != Role.OWNER:
                _refuse_last_owner(membership)
            membership.role = role
            _tell_membership(membership)
    return membership


def tell_appearance(*, person: User) -> None:
    """Tell the rooms that somebody is in how they are called and pictured from now on, within the
    transaction that stores it."""
    mine = Membership.objects.active().filter(person_id=person.pk).select_related("room")
    rooms = {membership.room_id: membership.room for membership in mine}
    steps = {pk: Step(room) for pk, room in rooms.items()}
    advance(*steps.values())
    # Under the locks: what somebody else changed meanwhile stays as they left it.
    memberships = list(mine.filter(room__in=rooms))
    for membership in memberships:
        membership.room, membership.person = rooms[membership.room_id], person
        membership.rev = membership.room.rev
    Membership.objects.bulk_update(memberships, ["rev"])
    told = {membership.room_id: [member_row(membership)] for membership in memberships}
    for pk, room in rooms.items():
        publish(steps[pk], told.get(pk, []), head=head(room))


def welcome(person: int) -> None:
    """Give somebody who is new a stream of their own and their first rooms. Does nothing later."""
    if Personal.objects.filter(pk=person).exists():
        return
    with transaction.atomic():
        Personal.objects.get_or_create(pk=person)
        if not Room.objects.exists():
            _create_first_room(person)
        joined = Membership.objects.filter(person_id=person)
        first = Room.objects.open().filter(is_default=True)
        for room in first.exclude(pk__in=joined.values("room_id")):
            enter(room, [person], Role.MEMBER)


def acting_member(person: int, room: int) -> Membership:
    """Return somebody as who they are in a room. An admin of the installation, who need not be
    in it, acts like an owner."""
    admins = User.objects.filter(is_active=True, is_staff=True)
    if admins.filter(pk=person).exists():
        found = Room.objects.get(pk=room)
        return Membership(room=found, person_id=person, role=Role.OWNER)
    return Membership.objects.of(person, room)


def enter(
    room: Room, people: Sequence[int], role: Role, *, is_new_room: bool = False
) -> list[Membership]:
    """Make people members, within the caller's transaction. They come with one rev of the room."""
    if not people:
        return []
    Personal.objects.bulk_create([Personal(pk=one) for one in people], ignore_conflicts=True)
    in_room, own = Step(room), [Step(Personal(pk=one)) for one in people]
    advance(in_room, *own)
    if is_new_room:
        room.changed_rev = room.rev
        room.save(update_fields=["changed_rev"])
    entered = _enter(room, own, role)
    rows = [room_row(room)] if is_new_room else []
    publish(in_room, [*rows, *map(member_row, entered)], head=head(room))
    for step, membership in zip(own, entered, strict=True):
        publish(step, [membership_row(membership)])
    forget_group_of(people, invitation_to(room.pk))
    return entered


def invitation_to(room: int) -> str:
    """Return by which group invitations to a room are known."""
    return f"chat.invited:{room}"


def _enter(room: Room, own: Sequence[Step], role: Role) -> list[Membership]:
    # Under the room's lock: nobody else can be entering it. Who was here before comes back as they
    # were, but what was said in between counts as read.
    people = User.objects.in_bulk([step.stream.pk for step in own])
    before = Membership.objects.filter(room=room, person__in=people)
    returning = {one.person_id: one for one in before}
    entered = []
    for step in own:
        person = people[step.stream.pk]
        membership = returning.get(person.pk) or Membership(role=role)
        facts = {"room": room, "person": person, **_reading_from_now_on(room)}
        revs = {"rev": room.rev, "personal_rev": step.stream.rev}
        for name, value in {"is_active": True, **facts, **revs}.items():
            setattr(membership, name, value)
        entered.append(membership)
    Membership.objects.bulk_update(returning.values(), _ENTERING)
    Membership.objects.bulk_create(one for one in entered if one.person_id not in returning)
    return entered


_ENTERING = ["is_active", "since_seq", "read_seq", "read_number", "rev", "personal_rev"]


def _create_first_room(person: int) -> None:
    try:
        with transaction.atomic():
            room = Room.objects.create(
                name=FIRST_ROOM,
                topic=_("For everybody and everything"),
                is_default=True,
                created_by_id=person,
            )
            enter(room, [person], Role.OWNER, is_new_room=True)
    except IntegrityError:
        # Somebody else came at the same moment and made it.
        return


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
        # Told before the room's own row, so that every worker counts what it takes away. Written
        # with it, so that whoever reads that row knows of a removal.
        revocation.revoke_stream(step, membership.person_id, membership.room)
    publish(in_room, [member_row(membership, is_removed=is_removed)], head=head(membership.room))
    publish(own, [membership_row(membership)])
    if not membership.is_active:
        forget_room(membership.room_id, person=membership.person_id)
        room_left.send(Membership, person=membership.person_id, room=membership.room_id)


def _refuse_archived(room: Room) -> None:
    if room.is_archived:
        raise ValidationError(_("This room is archived."))


def _refuse_last_owner(membership: Membership) -> None:
    others = membership.room.memberships.active().exclude(pk=membership.pk)
    if membership.role != Role.OWNER or not others.exists():
        return
    if not others.filter(role=Role.OWNER).exists():
        raise ValidationError(_("Make somebody else the owner of this room first."))
