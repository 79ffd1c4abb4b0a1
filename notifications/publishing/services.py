"""Doing what a program asks for, once however often it asks."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications.models import Published
from notifications.notices import store
from notifications.publishing import targets
from notifications.publishing.content import Draft, check
from notifications.publishing.targets import Order
from realtime_project.accounts.models import User
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import NOTHING_HERE

KEPT = timedelta(days=7)
AT_ONCE = 1000
MAX_TARGET = 200


@dataclass(frozen=True)
class Outcome:
    """What is answered, and whether it was before."""

    answer: str
    is_repeated: bool = False


def publish(*, sender: int, target: str, draft: Draft, key: str | None = None) -> Outcome:
    """Say something as somebody. With the same `key` again nothing is done, and the first answer
    is given; a failure keeps no key.

    Raises ValidationError for what cannot be said, LiveError or ObjectDoesNotExist for a target
    that is none for this person, PermissionDenied for one that they see and may not use.
    """
    fingerprint = _fingerprint(target, draft)
    if before := _before(sender, key):
        return _again(before, fingerprint)
    try:
        return _publish(sender, target, draft, key, fingerprint)
    except IntegrityError:
        # Somebody came with the same key at the same moment, and has done it by now.
        if before := _before(sender, key):
            return _again(before, fingerprint)
        raise


def forget_old(now: datetime) -> bool:
    """Delete some of what was said a week ago; returns whether there may be more."""
    old = Published.objects.filter(created__lt=now - KEPT).values_list("pk", flat=True)
    found = list(old[:AT_ONCE])
    Published.objects.filter(pk__in=found).delete()
    return bool(found)


def _publish(sender: int, target: str, draft: Draft, key: str | None, fingerprint: str) -> Outcome:
    now = timezone.now()
    content = check(draft, now)
    if len(target) > MAX_TARGET or "\0" in target:
        raise LiveError(ErrorCode.NOT_FOUND, NOTHING_HERE)
    kind, _, name = target.partition("/")
    do = targets.find(kind)
    with transaction.atomic():
        # First of all: whoever has the same key waits here until it is done, or is not.
        published = Published.objects.create(
            owner_id=sender,
            key=key,
            target=target,
            fingerprint=fingerprint,
            content=store(content),
            created=now,
        )
        order = Order(User.objects.get(pk=sender), name, content, published.pk)
        answer = {"id": published.pk, **do(order), "created": now}
        published.answer = msgspec.json.encode(answer).decode()
        published.save(update_fields=["answer"])
    return Outcome(published.answer)


def _before(sender: int, key: str | None) -> Published | None:
    return Published.objects.filter(owner=sender, key=key).first() if key else None


def _again(before: Published, fingerprint: str) -> Outcome:
    if before.fingerprint != fingerprint:
        raise LiveError(ErrorCode.INVALID, "This Idempotency-Key was used for something else.")
    return Outcome(before.answer, is_repeated=True)


def _fingerprint(target: str, draft: Draft) -> str:
    # Of the words as they were said: “30m” is another moment each time, and the same words.
    return hashlib.sha256(msgspec.json.encode((target, draft))).hexdigest()
