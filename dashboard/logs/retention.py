"""How long lines are kept: for some days, and no more than some megabytes of them."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum

from dashboard.models import IngestSource, Log, LogBatch

AT_ONCE = 500
MEGABYTE = 1024 * 1024


def trim(now: datetime) -> bool:
    """Delete the oldest lines that are too many or too old; returns whether there may be more."""
    found = _oldest_over(_too_old(now)) or _oldest_over(_too_many())
    if not found:
        return False
    _delete(LogBatch.objects.filter(pk__in=found))
    return len(found) == AT_ONCE


def _too_old(now: datetime) -> QuerySet[LogBatch]:
    since = (now - timedelta(days=settings.LOG_DAYS)).timestamp()
    # By when it came: what says that it is of long ago has come just now.
    newest = LogBatch.objects.filter(last__gte=since).order_by("rev").values_list("rev")[:1]
    first = newest.first()
    return LogBatch.objects.filter(last__lt=since, **({"rev__lt": first[0]} if first else {}))


def _too_many() -> QuerySet[LogBatch]:
    total = LogBatch.objects.aggregate(total=Sum("size"))["total"] or 0
    over = total - settings.LOG_MEGABYTES * MEGABYTE
    if over <= 0:
        return LogBatch.objects.none()
    going = []
    for pk, size in LogBatch.objects.order_by("rev").values_list("pk", "size")[:AT_ONCE]:
        if over <= 0:
            break
        going.append(pk)
        over -= size
    return LogBatch.objects.filter(pk__in=going)


def _oldest_over(batches: QuerySet[LogBatch]) -> list[int]:
    return list(batches.order_by("rev").values_list("pk", flat=True)[:AT_ONCE])


def _delete(batches: QuerySet[LogBatch]) -> None:
    with transaction.atomic():
        sources = dict(batches.exclude(source=None).values_list("source").annotate(Max("rev")))
        upto = batches.aggregate(rev=Max("rev"))["rev"]
        batches.delete()
        # Whoever is behind the floor starts afresh. Who is not need not notice: nothing that they
        # could ask for by their cursor has gone.
        Log.objects.filter(floor__lt=upto).update(floor=upto)
        for source, rev in sources.items():
            IngestSource.objects.filter(pk=source, floor__lt=rev).update(floor=rev)
