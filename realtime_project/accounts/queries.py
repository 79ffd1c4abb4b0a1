"""What is asked of people, their sessions, their tokens and their invitations."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from realtime_project.accounts.models import Invitation, Session, Token, User


def may_invite(person: User) -> bool:
    """Return whether somebody may make invitations: `INVITERS` says who."""
    if not person.is_active or settings.SIGNUP == "closed":
        return False
    return settings.INVITERS == "everybody" or runs_the_place(person)


def runs_the_place(person: User) -> bool:
    """Return whether somebody looks after this installation."""
    return person.is_active and (person.is_staff or person.is_superuser)


def may_manage(person: User, other: Any) -> bool:
    """Return whether somebody may change another's account. Staff look after members, superusers
    after staff, and nobody after the owner: a reset link for somebody is a way to be them."""
    if not person.is_active or not isinstance(other, User):
        return False
    if other.is_owner:
        return person.pk == other.pk
    if other.is_staff or other.is_superuser:
        return person.is_superuser
    return runs_the_place(person)


def managers_of(person: User) -> list[User]:
    """Return who may change somebody's account, by name."""
    staff = User.objects.filter(is_active=True, is_staff=True).exclude(pk=person.pk)
    return [one for one in staff.order_by("display_name") if may_manage(one, person)]


def invitations_of(person: User) -> QuerySet[Invitation]:
    """Return the invitations that somebody sees: their own, or all for those who run the place."""
    invitations = Invitation.objects.select_related("created_by")
    if runs_the_place(person):
        return invitations
    return invitations.filter(created_by=person)


def sessions_of(person: User) -> QuerySet[Session]:
    """Return the browsers in which somebody is signed in, the last used one first."""
    return Session.objects.signed_in().filter(person=person).order_by("-seen")


def tokens_of(person: User) -> QuerySet[Token]:
    """Return somebody's tokens, the newest first; those that were revoked are nobody's any more."""
    return Token.objects.filter(owner=person, revoked=None)
