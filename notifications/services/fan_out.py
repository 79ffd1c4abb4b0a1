"""Telling of what happened, from the outbox into the inboxes, many people at once.

Whom a happening concerns is read, written to their inboxes, and the happening deleted, in one
transaction. So there is nothing to lose or to do twice for a process that dies in the middle: it
has done nothing, and whoever looks next finds the happening as it was.

Where two can write at once, a happening that concerns many is shared: it becomes two, of people
with lower and with higher numbers, and whoever tells beside takes one of them. While the database
works for one, the other thinks.
"""

import logging
import time
from dataclasses import dataclass, field
from random import random

from django.db import connection, transaction
from django.utils import timezone

from notifications import measures, outbox
from notifications.models import Happening
from notifications.notices import Entry, read_facts
from notifications.outbox import Page
from notifications.retrying import next_attempt
from notifications.services.telling import write
from realtime_project.accounts.models import User
from realtime_project.live.database import AWAY
from realtime_project.live.statements import Due

logger = logging.getLogger(__name__)

MAX_HAPPENINGS = 50
# With SQLite a batch keeps everybody else from writing, a post included.
MAX_PEOPLE = {"sqlite": 400, "postgresql": 500}
_WAITING = Due(lambda now: Happening.objects.due(now))
_BEGUN = Due(lambda now: Happening.objects.due(now).begun())


@dataclass
class Batch:
    """As much as is told in one transaction."""

    limit: int
    entries: list[Entry] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    begun: list[Happening] = field(default_factory=list)
    """Those that concern more people, with until whom they are told."""

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= self.limit

    def take(self, happening: Happening) -> None:
        page = Page(happening.told_until, self.limit - len(self.entries))
        told = outbox.find(happening.name)(page, **read_facts(happening.facts))
        mine = [one for one in told if happening.concerns(one.person)]
        self.entries += mine
        if len(told) < page.limit or len(mine) < len(told):
            self.done.append(happening.pk)
        else:
            happening.told_until = told[-1].person
            self.begun.append(happening)


def tell_what_happened() -> bool:
    """Tell of some of what waits in the outbox; returns whether there may be more.

    If some cannot be told, each is told alone, and those that fail wait for another attempt.
    """
    if not _WAITING.at(timezone.now()):
        return False
    try:
        return _tell(MAX_HAPPENINGS)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 (each alone shows which it was, and says so)
        logger.info("Telling of what happened one by one after: %r", error)
        return _tell_each()


def tell_the_rest() -> bool:
    """Tell of something that concerns many, beside whoever tells of all; returns whether there may
    be more. Nothing is begun here, so that everybody is told in the order in which it happened."""
    if not can_share() or not _BEGUN.at(timezone.now()):
        return False
    try:
        return _tell(1, is_begun=True)
    except AWAY:
        raise
    except Exception as error:  # noqa: BLE001 (who tells of all finds it, puts it off and says so)
        logger.info("Telling the rest failed: %r", error)
        return False


def can_share() -> bool:
    """Return whether two can write at once, and not take the same."""
    return connection.features.has_select_for_update_skip_locked


def _tell(count: int, *, is_begun: bool = False) -> bool:
    began = time.monotonic()
    with transaction.atomic():
        _look_up_by_indexes()
        found = _claimed(count, is_begun=is_begun)
        if can_share() and any(one.takes_back for one in found):
            # What is being told beside is not there to be taken back before it is committed.
            list(Happening.objects.begun().select_for_update().order_by("pk"))
        told = _tell_of(found)
    _count(told, began)
    return bool(found)


def _look_up_by_indexes() -> None:
    """Have PostgreSQL look up hundreds of people among very many by indexes, in this transaction.
    By itself it expects a disk that has to seek, and reads whole tables once for each batch."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL random_page_cost = 1")


def _claimed(count: int, *, is_begun: bool) -> list[Happening]:
    """Return what is told next. Whoever else tells takes others: a row that nobody may delete twice
    is claim enough, because what comes of it is in the same database and transaction."""
    waiting = Happening.objects.due(timezone.now())
    if not can_share():
        return list(waiting[:count])
    waiting = waiting.select_for_update(skip_locked=True)
    fresh = [] if is_begun else list(waiting.fresh()[:count])
    # One of those that have begun: the other one is for whoever tells beside.
    return fresh + list(waiting.begun()[:1])


def _tell_of(happenings: list[Happening]) -> int:
    """Tell of these, or of a part; returns how much that changed in inboxes."""
    batch = Batch(MAX_PEOPLE[connection.vendor])
    for happening in happenings:
        if not batch.is_full:
            batch.take(happening)
    changed = write(batch.entries)
    for happening in batch.begun:
        if can_share():
            _share(happening)
        # Behind those that came meanwhile: nobody waits until a hundred thousand were told.
        Happening.objects.filter(pk=happening.pk).update(
            told_until=happening.told_until,
            tell_until=happening.tell_until,
            due=timezone.now(),
            attempts=0,
        )
    Happening.objects.filter(pk__in=batch.done).delete()
    return len(changed)


def _share(happening: Happening) -> None:
    """Leave half of those who are left to whoever tells beside, unless they have a part already."""
    parts = Happening.objects.filter(name=happening.name, facts=happening.facts)
    if happening.takes_back or parts.exclude(pk=happening.pk).exists():
        return
    last = happening.tell_until or User.objects.order_by("-pk").values_list("pk", flat=True)[0]
    middle = (happening.told_until + last) // 2
    if middle - happening.told_until < MAX_PEOPLE[connection.vendor]:
        return
    Happening.objects.create(
        name=happening.name,
        facts=happening.facts,
        told_until=middle,
        tell_until=happening.tell_until,
        created=happening.created,
    )
    happening.tell_until = middle


def _tell_each() -> bool:
    waiting = Happening.objects.due(timezone.now()).values_list("pk", flat=True)
    for pk in list(waiting[:MAX_HAPPENINGS]):
        began = time.monotonic()
        try:
            with transaction.atomic():
                found = Happening.objects.select_for_update().filter(pk=pk, is_given_up=False)
                told = _tell_of(list(found))
        except AWAY:
            raise
        except Exception as error:
            logger.exception("Happening %d cannot be told", pk)
            _put_off(pk, error)
        else:
            _count(told, began)
    return True


def _count(told: int, began: float) -> None:
    # Once it is committed: what is tried again is not counted twice.
    measures.count_told(told, time.monotonic() - began)


def _put_off(pk: int, error: Exception) -> None:
    with transaction.atomic():
        for happening in Happening.objects.select_for_update().filter(pk=pk):
            happening.attempts += 1
            happening.error = repr(error)
            due = next_attempt(happening.attempts, timezone.now(), random())  # noqa: S311 (no secret)
            happening.is_given_up = due is None
            happening.due = due or happening.due
            happening.save(update_fields=["attempts", "error", "is_given_up", "due"])
