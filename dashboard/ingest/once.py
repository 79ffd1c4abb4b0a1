"""Lines of requests are kept once, however often a request is sent.

All lines of a request are kept by one transaction, together with its key where it has one. So who
is told that it failed has left nothing behind; and who is told nothing, because the answer was lost
or the server died, sends it again with the same key.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from dashboard.logs import storing
from dashboard.logs.lines import Line
from dashboard.models import KeptRequest
from realtime_project.live.codes import ErrorCode, LiveError

MAX_KEY = 255


@dataclass(frozen=True)
class Sent:
    """Lines that one request brought, by which key it is known again, and what was in it."""

    lines: list[Line]
    key: str
    fingerprint: str


Known = Mapping[str, str]
"""Fingerprints by key."""
Outcome = bool | LiveError
"""Whether a request had been kept before, or why it is refused."""


def key_in(headers: Mapping[str, str]) -> str:
    """Return by which key a request is known again; nothing where it has none."""
    key = headers.get("idempotency-key", "").strip()
    if len(key) > MAX_KEY or not key.isprintable():
        raise LiveError(ErrorCode.BAD_REQUEST, "An Idempotency-Key has at most 255 characters.")
    return key


def fingerprint(*parts: bytes) -> str:
    """Return by which it is told whether the same was sent again."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()


def keep(sent: Sequence[Sent], *, source: int) -> list[Outcome]:
    """Keep the lines of some requests of a source, all of them or none; but not of those that
    were kept before, nor of those that have another one's key. Off the event loop."""
    while True:
        known = _known(sent, source)
        new, outcomes = _judged(sent, known)
        try:
            _keep(new, source)
        except IntegrityError:
            if _known(sent, source) == known:
                raise
            # Somebody came with the same key at the same moment, and is done by now.
        else:
            return outcomes


def _keep(new: Sequence[Sent], source: int) -> None:
    lines = [line for one in new for line in one.lines]
    if not lines:
        return
    made = storing.packed(lines)
    keys = [
        KeptRequest(source_id=source, key=one.key, fingerprint=one.fingerprint)
        for one in new
        if one.key
    ]
    with transaction.atomic():
        # First of all the lock of all lines, as everywhere.
        storing.keep(made, origin=lines[0].origin, source=source)
        KeptRequest.objects.bulk_create(keys)


def _judged(sent: Sequence[Sent], known: Known) -> tuple[list[Sent], list[Outcome]]:
    kept = dict(known)
    new: list[Sent] = []
    outcomes: list[Outcome] = []
    for one in sent:
        if one.key and one.key in kept:
            is_same = kept[one.key] == one.fingerprint
            outcomes.append(True if is_same else _used())
            continue
        if one.key:
            kept[one.key] = one.fingerprint
        new.append(one)
        outcomes.append(False)
    return new, outcomes


def _known(sent: Sequence[Sent], source: int) -> Known:
    keys = {one.key for one in sent} - {""}
    if not keys:
        return {}
    rows = KeptRequest.objects.filter(source=source, key__in=keys)
    return dict(rows.values_list("key", "fingerprint"))


def _used() -> LiveError:
    return LiveError(ErrorCode.INVALID, "This Idempotency-Key was used for something else.")
