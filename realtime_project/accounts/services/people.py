"""What those who run the place do to an account. Each is written into the admin's log."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from realtime_project.accounts import audit, queries
from realtime_project.accounts.models import User
from realtime_project.accounts.services.tokens import end_tokens
from realtime_project.accounts.sessions import SessionStore


def check_may_manage(by: User, person: User) -> None:
    """Raise PermissionDenied where somebody may not change this account."""
    if not queries.may_manage(by, person):
        raise PermissionDenied


def deactivate(*, by: User, person: User) -> None:
    """Shut somebody out. What they wrote stays; the invitations and tokens they made end."""
    check_may_manage(by, person)
    if person.pk == by.pk:
        # There would be nobody left to undo it.
        raise PermissionDenied
    with transaction.atomic():
        person.is_active = False
        person.save(update_fields=["is_active"])
        person.invitations.filter(revoked=None).update(revoked=timezone.now())
        end_tokens(person.tokens.filter(revoked=None))
        audit.record_done(person, by=by, what="Deactivated the account.")


def reactivate(*, by: User, person: User) -> None:
    """Let somebody in again. They have to sign in anew: where they were signed in was kept, so
    that their browsers could say why they were shut out."""
    check_may_manage(by, person)
    with transaction.atomic():
        SessionStore.end(person.sessions.all())
        person.is_active = True
        person.save(update_fields=["is_active"])
        audit.record_done(person, by=by, what="Reactivated the account.")


def sign_out_everywhere(*, by: User, person: User) -> None:
    """End all of somebody's sessions and tokens, and with them whatever is open."""
    check_may_manage(by, person)
    with transaction.atomic():
        SessionStore.end(person.sessions.all())
        end_tokens(person.tokens.filter(revoked=None))
        audit.record_done(person, by=by, what="Signed out everywhere.")


def remove_second_factors(*, by: User, person: User) -> None:
    """Let somebody who lost their phone and codes sign in by password alone, after signing them
    out: whoever found the phone may be signed in on it."""
    check_may_manage(by, person)
    with transaction.atomic():
        SessionStore.end(person.sessions.all())
        Authenticator.objects.filter(user=person).delete()
        audit.record_done(person, by=by, what="Removed the second factors.")


def make_reset_key(*, by: User, person: User) -> str:
    """Return the secret of a link by which somebody chooses a new password. It is over when it
    was used, when they sign in or change anything it was made from, and after a day."""
    check_may_manage(by, person)
    audit.record_done(person, by=by, what="Made a link to reset the password.")
    return f"{user_pk_to_url_str(person)}-{default_token_generator.make_token(person)}"
