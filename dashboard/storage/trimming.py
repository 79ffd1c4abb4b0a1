"""Trimming: what is older than its tier keeps it goes, and reports that stand in every tier."""

from django.db import transaction
from django.db.models import QuerySet

from dashboard.models import Chunk, Measures, StoredReport, Watermark
from dashboard.storage.tiers import TIERS, Tier

REPORTS_KEPT = 20 * 60
"""For whoever was away, and for windows that begin: longer than those reach back."""
MOST_AT_ONCE = 1000


def trim(now: int) -> bool:
    """Delete a part of what is not kept any more; returns whether there may be more."""
    trimmed = [_delete(_too_old(tier, now)) for tier in TIERS]
    return max(*trimmed, _trim_reports(now)) == MOST_AT_ONCE


def _too_old(tier: Tier, now: int) -> QuerySet[Chunk]:
    return Chunk.objects.filter(tier=tier.seconds, start__lte=now - tier.kept - tier.span)


def _delete(rows: QuerySet[Chunk]) -> int:
    some = list(rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
    if some:
        Chunk.objects.filter(pk__in=some).delete()
    return len(some)


def _trim_reports(now: int) -> int:
    marks = dict(Watermark.objects.values_list("tier", "rev"))
    everywhere = min(marks.get(tier.seconds, 0) for tier in TIERS)
    recent = StoredReport.objects.filter(second__gt=now - REPORTS_KEPT).order_by("rev").first()
    # Without a hole: what follows a recent one stays, however old the seconds are that it tells.
    until = everywhere if recent is None else min(everywhere, recent.rev - 1)
    some = list(
        StoredReport.objects.filter(rev__lte=until)
        .order_by("rev")
        .values_list("rev", flat=True)[:MOST_AT_ONCE]
    )
    if some:
        with transaction.atomic():
            # Whoever stands below it cannot be told what is missing, and begins afresh.
            Measures.objects.filter(floor__lt=some[-1]).update(floor=some[-1])
            StoredReport.objects.filter(rev__lte=some[-1]).delete()
    return len(some)
