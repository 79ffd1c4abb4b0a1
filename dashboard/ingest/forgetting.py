"""Forgetting by what requests are known again: after a while, and where they are too many."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from dashboard.models import CountedRequest, KeptRequest

KEPT = timedelta(days=1)
MOST_A_SOURCE = 10_000
"""Of a source so many are remembered of each kind: what was not answered is sent again soon."""
AT_ONCE = 1_000


def forget_old(now: datetime) -> bool:
    """Forget some that are over; returns whether there may be more."""
    return any(_forget(requests, now) for requests in _kinds())


def _kinds() -> Iterable[QuerySet[Any]]:
    yield KeptRequest.objects.all()
    # What senders name themselves is not put out by what is recognised without a word.
    yield CountedRequest.objects.filter(lines=0)
    yield CountedRequest.objects.filter(lines__gt=0)


def _forget(requests: QuerySet[Any], now: datetime) -> bool:
    old = requests.filter(created__lt=now - KEPT).values_list("pk", flat=True)
    found = list(old[:AT_ONCE]) or _too_many(requests)
    requests.model._default_manager.filter(pk__in=found).delete()
    return bool(found)


def _too_many(requests: QuerySet[Any]) -> Collection[int]:
    for source in requests.order_by().values_list("source", flat=True).distinct():
        rows = requests.filter(source=source).order_by("created", "pk")
        if (over := rows.count() - MOST_A_SOURCE) > 0:
            return list(rows.values_list("pk", flat=True)[: min(over, AT_ONCE)])
    return []
