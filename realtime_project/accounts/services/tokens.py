"""Tokens: made once, told once, ended at once."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from realtime_project.accounts import audit, queries
from realtime_project.accounts.models import Token, User
from realtime_project.accounts.scopes import scopes as known_scopes
from realtime_project.live import revocation

# By it a program that looks for leaked secrets knows one of ours.
PREFIX = "sbx_"
TOKEN_BYTES = 32  # 256 bits
SHOWN = len(PREFIX) + 4
MOST = 50


def make_token(
    *,
    by: User,
    name: str,
    scopes: Iterable[str],
    lasts: timedelta | None = None,
    owner: User | None = None,
) -> tuple[Token, str]:
    """Make a token for oneself, or for somebody whom one looks after, and return it with its
    secret, which is told this once. Raises ValidationError for scopes that are none."""
    owner = owner or by
    if owner != by and not queries.may_manage(by, owner):
        raise PermissionDenied
    wanted = _valid(scopes)
    secret = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    now = timezone.now()
    with transaction.atomic():
        if owner.tokens.open_at(now).count() >= MOST:
            raise ValidationError(_("More than 50 tokens are not kept. Revoke one first."))
        made = Token.objects.create(
            digest=digest(secret),
            start=secret[:SHOWN],
            name=name,
            owner=owner,
            scopes=" ".join(wanted),
            created=now,
            expires=now + lasts if lasts else None,
        )
        audit.record_made(made, by=by, what=f"Made a token of {owner.username}.")
    return made, secret


def revoke_token(*, by: User, token: int) -> Token:
    """End a token of one's own, or of somebody whom one looks after, and close everywhere what was
    opened with it."""
    with transaction.atomic():
        found = Token.objects.select_related("owner").get(pk=token)
        if found.owner != by and not queries.may_manage(by, found.owner):
            raise Token.DoesNotExist
        if end_tokens([found]):
            audit.record_done(found, by=by, what="Revoked the token.")
    return found


def end_tokens(tokens: Iterable[Token]) -> int:
    """End tokens, in the caller's transaction; returns how many were not over yet."""
    ended = 0
    for token in tokens:
        # Of two who revoke it at the same time one does.
        if Token.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now()):
            revocation.revoke_digest(token.digest, token.owner_id)
            ended += 1
    return ended


def digest(secret: str) -> str:
    """Return what is kept of a token. Not a password hash: these are slow so that a short secret
    cannot be guessed from its digest, and nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _valid(scopes: Iterable[str]) -> list[str]:
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= known_scopes().keys():
        raise ValidationError(_("Choose what the token is good for."))
    return wanted
