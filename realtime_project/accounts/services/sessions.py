"""Signing out somewhere else."""

from django.db import transaction

from realtime_project.accounts import audit, queries
from realtime_project.accounts.models import Session, User
from realtime_project.accounts.sessions import SessionStore


def end_session(*, by: User, session: int) -> None:
    """Sign out one browser, and close its sockets everywhere: one's own, or that of somebody
    whom one looks after."""
    with transaction.atomic():
        found = Session.objects.signed_in().select_related("person").get(pk=session)
        if found.person and found.person != by:
            if not queries.may_manage(by, found.person):
                raise Session.DoesNotExist
            audit.record_done(found.person, by=by, what=f"Signed out {found.browser}.")
        SessionStore.end([found])


def end_other_sessions(*, person: User, keep: str | None) -> int:
    """Sign out every browser but the one with this key, and return how many that were."""
    others = list(queries.sessions_of(person).exclude(session_key=keep))
    SessionStore.end(others)
    return len(others)
