"""Taking access away: the rows of the control stream, which every hub follows.

The row is written in the transaction that ends the session or changes the account, so that no
lost message can keep a socket open: the hub finds the row when it next reads the stream.
"""

import hashlib
from collections.abc import Iterable
from enum import StrEnum

import msgspec
from django.db import transaction

from realtime_project.live import changes
from realtime_project.live.codes import CloseCode
from realtime_project.live.models import Control, Revocation
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


class Reason(StrEnum):
    """Why access was taken away."""

    SIGNED_OUT = "signed_out"
    PASSWORD = "password"  # noqa: S105 (a reason, not a secret)
    DEACTIVATED = "deactivated"
    RIGHTS = "rights"

    @property
    def close_code(self) -> CloseCode:
        if self is Reason.DEACTIVATED:
            return CloseCode.DEACTIVATED
        return CloseCode.SIGNED_OUT


class RevocationRow(msgspec.Struct, frozen=True, tag_field="kind", tag="revocation"):
    """A revocation as hubs tell it to each other. It never goes to a client."""

    id: int
    rev: int
    session: str
    person: int | None
    reason: Reason


def session_digest(session_key: str) -> str:
    """Return what stands for a session where its key, which signs its holder in, must not."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def revoke_session(session_key: str) -> None:
    """Close the sockets that were opened with this session, everywhere."""
    _revoke(session=session_digest(session_key), person=None, reason=Reason.SIGNED_OUT)


def revoke_person(person: int, reason: Reason) -> None:
    """Close every socket of this person, everywhere. Whoever may still sign in comes back."""
    _revoke(session="", person=person, reason=reason)


def load(after: int) -> changes.Change:
    """Return what was revoked after a rev of the control stream."""
    control = Control.current()
    rows = Revocation.objects.filter(stream=control, rev__gt=after, rev__lte=control.rev)
    return changes.Change(
        key=control.key,
        after=after,
        rev=control.rev,
        rows=tuple(_row(one) for one in rows.order_by("rev")),
    )


def heads_many(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the control stream has come."""
    control = Control.current()
    return {control.key: (control.rev, None)}


def _revoke(*, session: str, person: int | None, reason: Reason) -> None:
    with transaction.atomic():
        control = Control.current()
        step = Step(control)
        advance(step)
        revoked = Revocation.objects.create(
            stream=control, rev=control.rev, session=session, person=person, reason=reason
        )
        publish(step, [_row(revoked)])


def _row(revoked: Revocation) -> changes.Row:
    return changes.row(
        RevocationRow(
            id=revoked.pk,
            rev=revoked.rev,
            session=revoked.session,
            person=revoked.person,
            reason=Reason(revoked.reason),
        )
    )
