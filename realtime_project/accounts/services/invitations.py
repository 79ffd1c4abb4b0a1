"""Invitations: how newcomers get in where not everybody may."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from realtime_project.accounts import audit, queries
from realtime_project.accounts.models import Invitation, InvitationState, User

TOKEN_BYTES = 24  # 192 bits: nobody guesses one, whatever the rate


class InvitationOver(Exception):
    """Nobody comes in by this invitation; `state` says why."""

    def __init__(self, state: InvitationState) -> None:
        super().__init__(state)
        self.state = state


def invite(*, by: User, lasts: timedelta, max_uses: int, note: str = "") -> tuple[Invitation, str]:
    """Make an invitation and return it with its secret, which is told this once."""
    if not queries.may_invite(by):
        raise PermissionDenied
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        made = Invitation.objects.create(
            digest=_digest(token),
            created_by=by,
            expires=timezone.now() + lasts,
            max_uses=max_uses,
            note=note,
        )
        audit.record_made(made, by=by, what="Made an invitation.")
    return made, token


def revoke_invitation(*, by: User, invitation: int) -> None:
    """End an invitation that this person can see. Who came by it stays."""
    with transaction.atomic():
        found = queries.invitations_of(by).get(pk=invitation)
        if Invitation.objects.filter(pk=found.pk, revoked=None).update(revoked=timezone.now()):
            audit.record_done(found, by=by, what="Revoked the invitation.")


def find_invitation(token: str) -> Invitation:
    """Return the invitation with this secret if it is open, or raise InvitationOver. Whatever
    the answer is, it costs one look-up by digest: its time tells nothing."""
    found = Invitation.objects.filter(digest=_digest(token)).first()
    state = found.state if found else InvitationState.UNKNOWN
    if found is None or state is not InvitationState.OPEN:
        raise InvitationOver(state)
    return found


def accept_invitation(invitation: int | None) -> Invitation | None:
    """Count one use, in the transaction that makes the account. Where everybody may come no
    invitation is needed, and None is returned for one that does not count any more."""
    now = timezone.now()
    # The row's lock is held until the account is stored: of two at the last use one gets in.
    with_it = Invitation.objects.filter(pk=invitation or 0)
    if settings.SIGNUP != "closed" and with_it.open_at(now).update(uses=F("uses") + 1):
        return with_it.get()
    if settings.SIGNUP == "open":
        return None
    found = with_it.first()
    raise InvitationOver(found.state_at(now) if found else InvitationState.UNKNOWN)


def _digest(token: str) -> str:
    # Not a password hash: the secret is as long as its digest is strong.
    return hashlib.sha256(token.encode()).hexdigest()
