"""Saying something to everybody: one row, whoever and however many they are."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from notifications.deliveries.channels import available
from notifications.deliveries.recalling import recall_announcements
from notifications.models import Announcement, Announcements
from notifications.rows import announcement_row
from notifications.services.outbox import happened
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance


def announce(
    *,
    title: str,
    text: str = "",
    url: str = "",
    priority: int = 3,
    author: int | None = None,
    expires: datetime | None = None,
    key: str | None = None,
) -> Announcement:
    """Tell everybody. The same key again is the same announcement, as it was first.

    Raises ValidationError for a title that is none, and for what is too long.
    """
    announcement = Announcement(
        key=key,
        title=title.strip(),
        text=text.strip(),
        url=url,
        priority=priority,
        author_id=author,
        created=timezone.now(),
        expires=expires,
    )
    announcement.clean_fields(exclude=["stream", "author"])
    with transaction.atomic():
        step = Step(Announcements.current())
        advance(step)
        # Under the lock: whoever came with the same key at the same moment is through.
        if key is not None and (told := Announcement.objects.filter(key=key).first()):
            return told
        announcement.stream_id = step.stream.pk
        announcement.seq = announcement.rev = step.stream.rev
        announcement.save()
        publish(step, [announcement_row(announcement)])
        if any(available()):
            happened("notifications.announced", announcement=announcement.pk)
    return announcement


def withdraw(*, announcements: Sequence[int]) -> int:
    """Take announcements back, for everybody; returns how many were there."""
    there = Announcement.objects.filter(pk__in=announcements, is_gone=False)
    if not there.exists():
        # A rev without a row would have everybody's page ask for its counts.
        return 0
    with transaction.atomic():
        step = Step(Announcements.current())
        advance(step)
        found = list(there)
        for one in found:
            one.title = one.text = one.url = ""
            one.is_gone, one.expires, one.rev = True, None, step.stream.rev
        Announcement.objects.bulk_update(
            found, ["title", "text", "url", "is_gone", "expires", "rev"]
        )
        recall_announcements([one.pk for one in found])
        publish(step, map(announcement_row, found))
    return len(found)
