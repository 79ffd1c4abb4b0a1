"""What time does to inboxes. Each is a write, so that nothing is counted by a clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from notifications.deliveries.recalling import recall
from notifications.models import Announcement, Inbox, Notification, Place
from notifications.services.announcing import withdraw
from notifications.services.inboxes import advance_inboxes, tell
from notifications.services.telling import wipe
from realtime_project.live.streams import purge

MAX_INBOXES = 200
DELETED_KEPT = timedelta(days=7)
# Purging makes open pages load afresh: what is a little older than it must be goes with it, so
# that nobody's page does so more than once a week.
PURGE_EVERY = timedelta(days=7)


def wake(now: datetime) -> None:
    """Bring up what was snoozed until now, as if it were new."""

    def bring_up(one: Notification, inbox: Inbox) -> None:
        # Its person has chosen the time: it is pointed out, however it came.
        one.place, one.snoozed_until, one.is_quiet = Place.INBOX.value, None, False
        one.seq = one.unread_rev = inbox.rev

    due = Notification.objects.filter(place=Place.SNOOZED, snoozed_until__lte=now)
    while _change_some(due, bring_up):
        pass


def expire(now: datetime) -> None:
    """Take back what is over, in inboxes and for everybody."""

    def end(one: Notification, inbox: Inbox) -> None:
        wipe(one)

    while _change_some(Notification.objects.there().filter(expires__lte=now), end):
        pass
    over = Announcement.objects.filter(is_gone=False, expires__lte=now)
    if announcements := list(over.values_list("pk", flat=True)[:MAX_INBOXES]):
        withdraw(announcements=announcements)


def forget(now: datetime) -> None:
    """Delete for good what was deleted a while ago, and what is older than is kept."""
    outdated = _outdated(now - PURGE_EVERY)
    for pk in outdated.values_list("inbox", flat=True).distinct().order_by()[:MAX_INBOXES]:
        purge(Inbox(pk=pk), _outdated(now).filter(inbox=pk))


def _outdated(now: datetime) -> QuerySet[Notification]:
    kept = timedelta(days=settings.INBOX_DAYS)
    # By the last event: when somebody deleted it is not known, and nobody asks for it any more.
    is_deleted = Q(place=Place.GONE, happened__lte=now - DELETED_KEPT)
    return Notification.objects.filter(is_deleted | Q(happened__lte=now - kept))


def _change_some(
    due: QuerySet[Notification], change: Callable[[Notification, Inbox], None]
) -> bool:
    """Change what is due in some inboxes, in one transaction; returns whether any was."""
    with transaction.atomic():
        people = list(due.values_list("inbox", flat=True).distinct().order_by("inbox"))
        steps = advance_inboxes(people[:MAX_INBOXES])
        # Read again under the locks: its owner may just have put it somewhere else.
        found = list(due.filter(inbox__in=list(steps)))
        for one in found:
            step = steps[one.inbox_id]
            change(one, step.stream)  # type: ignore[arg-type]
            one.rev = step.stream.rev
        Notification.objects.bulk_update(found, _CHANGED, batch_size=100)
        recall(steps)
        tell(steps, found)
    return bool(found)


_CHANGED = [
    field.name
    for field in Notification._meta.concrete_fields
    if field.name not in {"id", "inbox", "kind", "group", "key", "created", "priority", "happened"}
]
