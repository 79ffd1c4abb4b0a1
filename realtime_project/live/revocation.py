"""Taking access away: the rows of the control stream, which every hub follows.

The row is written in the transaction that ends the session or changes the account, so that no
lost message can keep a socket open: the hub finds the row when it next reads the stream.
"""

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

import msgspec
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from realtime_project.live import changes
from realtime_project.live.codes import CloseCode
from realtime_project.live.models import Control, Receipt, Revocation
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, Stream, advance, purge

logger = logging.getLogger(__name__)


class Reason(StrEnum):
    """Why access was taken away."""

    SIGNED_OUT = "signed_out"
    PASSWORD = "password"  # noqa: S105 (a reason, not a secret)
    DEACTIVATED = "deactivated"
    RIGHTS = "rights"
    REMOVED = "removed"

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
    key: str
    key_rev: int
    reason: Reason


@dataclass(frozen=True)
class Done:
    """A revocation that was carried out here: how many sockets, and at what time of the
    monotonic clock."""

    revocation: int
    sockets: int
    at: float


def session_digest(session_key: str) -> str:
    """Return what stands for a session where its key, which signs its holder in, must not."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def revoke_session(session_key: str, person: int | None) -> None:
    """Close the sockets that were opened with this session of somebody, everywhere."""
    _revoke(session=session_digest(session_key), person=person, reason=Reason.SIGNED_OUT)


def revoke_digest(digest: str, person: int) -> None:
    """Close what somebody opened with a secret, everywhere, of which only the digest is known."""
    _revoke(session=digest, person=person, reason=Reason.SIGNED_OUT)


def revoke_person(person: int, reason: Reason) -> None:
    """Close every socket of this person, everywhere. Whoever may still sign in comes back."""
    _revoke(person=person, reason=reason)


def revoke_stream(step: Step, person: int, stream: Stream) -> None:
    """Let this person hear of a stream no more, everywhere, as of its rev now. `step` is the one
    of `next_step`, which the caller has advanced together with the stream."""
    _record(step, person=person, reason=Reason.REMOVED, key=stream.key, key_rev=stream.rev)


def revoke_sessions(owners: Mapping[str, int]) -> None:
    """Close the sockets that were opened with any of these sessions, everywhere. The sessions are
    given with whose they are."""
    if not owners:
        return
    with transaction.atomic():
        step = Step(Control.current(), by=len(owners))
        advance(step)
        revs = range(step.stream.rev - len(owners) + 1, step.stream.rev + 1)
        revoked = Revocation.objects.bulk_create(
            Revocation(
                stream_id=step.stream.pk,
                rev=rev,
                session=session_digest(key),
                person=person,
                reason=Reason.SIGNED_OUT,
            )
            for rev, (key, person) in zip(revs, owners.items(), strict=True)
        )
        publish(step, [_row(one) for one in revoked])


def forget(age: timedelta) -> None:
    """Delete revocations older than this for good."""
    control = Control.current()
    old = Revocation.objects.filter(stream=control, created__lt=timezone.now() - age)
    if old.exists():
        purge(control, old)


def next_step() -> Step:
    """Return the step that a revocation takes."""
    return Step(Control.current())


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


def removals(keys: Iterable[str]) -> set[tuple[str, int, int | None]]:
    """Return who was put out of any of these streams, as far as it is not forgotten: the stream,
    its rev with that, and the person."""
    removed = Revocation.objects.filter(reason=Reason.REMOVED, key__in=keys)
    return set(removed.values_list("key", "key_rev", "person"))


def heads_many(keys: Iterable[str]) -> dict[str, tuple[int, bytes | None]]:
    """Return how far the control stream has come."""
    control = Control.current()
    return {control.key: (control.rev, None)}


def confirm(worker: str, done: Iterable[Done]) -> None:
    """Store a worker's receipts for revocations that it has carried out."""
    seconds_ago = {one.revocation: (one, time.monotonic() - one.at) for one in done}
    # One clock for both ends: the database's, less what has passed here since.
    revoked = Revocation.objects.filter(pk__in=seconds_ago).annotate(now=Now())
    receipts = [_receipt(worker, one, *seconds_ago[one.pk]) for one in revoked]
    Receipt.objects.bulk_create(receipts, ignore_conflicts=True)


def _receipt(worker: str, revoked: Any, done: Done, seconds_ago: float) -> Receipt:
    took = (revoked.now - revoked.created).total_seconds() - seconds_ago
    milliseconds = max(0, round(took * 1000))
    logger.info(
        "Revoked (%s) on %s: %d sockets after %d ms",
        revoked.reason, worker, done.sockets, milliseconds,
    )  # fmt: skip
    return Receipt(
        revocation=revoked, worker=worker, sockets=done.sockets, milliseconds=milliseconds
    )


def _revoke(*, reason: Reason, person: int | None, session: str = "") -> None:
    with transaction.atomic():
        step = next_step()
        advance(step)
        _record(step, reason=reason, person=person, session=session)


def _record(step: Step, *, reason: Reason, **whom: Any) -> None:
    stream = step.stream
    revoked = Revocation.objects.create(stream_id=stream.pk, rev=stream.rev, reason=reason, **whom)
    publish(step, [_row(revoked)])


def _row(revoked: Revocation) -> changes.Row:
    return changes.row(
        RevocationRow(
            id=revoked.pk,
            rev=revoked.rev,
            session=revoked.session,
            person=revoked.person,
            key=revoked.key,
            key_rev=revoked.key_rev,
            reason=Reason(revoked.reason),
        )
    )
