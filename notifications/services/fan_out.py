"""Telling of what happened, from the outbox into the inboxes, many people at once.

Whom a happening concerns is read, written to their inboxes, and the happening deleted, in one
transaction. So there is nothing to lose or to do twice for a process that dies in the middle: it
has done nothing, and whoever looks next finds the happening as it was.
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
from realtime_project.live.database import AWAY
from realtime_project.live.statements import Due

logger = logging.getLogger(__name__)

MAX_HAPPENINGS = 50
# With SQLite a batch keeps everybody else from writing, a post included.
MAX_PEOPLE = {"sqlite": 400, "postgresql": 500}
_WAITING = Due(lambda now: Happening.objects.due(now))


@dataclass
class Batch:
    """As much as is told in one transaction."""

    limit: int
    entries: list[Entry] = field(default_factory=list)
    done: list[int] = field(default_factory=list)
    begun: dict[int, int] = field(default_factory=dict)
    """Happenings that concern more people: until whom they are told."""

    @property
    def is_full(self) -> bool:
        return len(self.entries) >= self.limit

    def take(self, happening: Happening) -> None:
        page = Page(happening.told_until, self.limit - len(self.entries))
        told = outbox.find(happening.name)(page, **read_facts(happening.facts))
        self.entries += told
        if len(told) < page.limit:
            self.done.append(happening.pk)
        else:
            self.begun[happening.pk] = told[-1].person


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


def _tell(count: int) -> bool:
    began = time.monotonic()
    with transaction.atomic():
        # Whoever else tells takes others. A row that nobody may delete twice is claim enough: what
        # comes of it is in the same database, and in this transaction.
        waiting = Happening.objects.due(timezone.now())
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        found = list(waiting[:count])
        told = _tell_of(found)
    _count(told, began)
    return bool(found)


def _tell_of(happenings: list[Happening]) -> int:
    """Tell of these, or of a part; returns how much that changed in inboxes."""
    batch = Batch(MAX_PEOPLE[connection.vendor])
    for happening in happenings:
        if not batch.is_full:
            batch.take(happening)
    changed = write(batch.entries)
    for pk, person in batch.begun.items():
        # Behind those that came meanwhile: nobody waits until a hundred thousand were told.
        Happening.objects.filter(pk=pk).update(told_until=person, due=timezone.now(), attempts=0)
    Happening.objects.filter(pk__in=batch.done).delete()
    return len(changed)


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
    measures.told.n += told
    measures.telling_seconds.observe(time.monotonic() - began)


def _put_off(pk: int, error: Exception) -> None:
    with transaction.atomic():
        for happening in Happening.objects.select_for_update().filter(pk=pk):
            happening.attempts += 1
            happening.error = repr(error)
            due = next_attempt(happening.attempts, timezone.now(), random())  # noqa: S311 (no secret)
            happening.is_given_up = due is None
            happening.due = due or happening.due
            happening.save(update_fields=["attempts", "error", "is_given_up", "due"])
