"""What people do with what lies in their inboxes: see, read, put away, bring back.

Each verb takes one rev of the inbox and tells every page of the person, with the counts.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from notifications.deliveries.recalling import recall
from notifications.models import Announcement, Announcements, Inbox, Mark, Notification, Place
from notifications.services.inboxes import advance_inboxes, tell
from notifications.snoozing import Later, comes_up, on_the_wall
from realtime_project.accounts.models import User
from realtime_project.live.streams import Step

LONGEST_SNOOZE = timedelta(days=366)


def mark_seen(*, person: int, until: int, announcements_until: int = 0) -> Inbox:
    """Note that the person was shown all up to these revs: it is not pointed out any more."""
    with transaction.atomic():
        step, inbox = _advance(person)
        inbox.seen = timezone.now()
        inbox.seen_until = max(inbox.seen_until, min(until, inbox.rev))
        announced = min(announcements_until, Announcements.current().rev)
        inbox.announcements_seen_until = max(inbox.announcements_seen_until, announced)
        inbox.save(update_fields=["seen", "seen_until", "announcements_seen_until"])
        recall([person])
        tell({person: step})
    return inbox


def mark_all_read(*, person: int, until: int, announcements_until: int = 0) -> Inbox:
    """Count all up to these revs as read: what came since then stays unread."""
    with transaction.atomic():
        step, inbox = _advance(person)
        inbox.read_until = max(inbox.read_until, min(until, inbox.rev))
        announced = min(announcements_until, Announcements.current().rev)
        inbox.announcements_read_until = max(inbox.announcements_read_until, announced)
        inbox.save(update_fields=["read_until", "announcements_read_until"])
        recall([person])
        tell({person: step})
    return inbox


def mark_read(
    *, person: int, notifications: Sequence[int] = (), announcements: Sequence[int] = ()
) -> Inbox:
    """Count some as read."""

    def read(one: Notification | Mark, inbox: Inbox) -> None:
        one.unread_rev = 0

    return _change(person, notifications, announcements, read)


def mark_unread(
    *, person: int, notifications: Sequence[int] = (), announcements: Sequence[int] = ()
) -> Inbox:
    """Count some as unread again."""

    def unread(one: Notification | Mark, inbox: Inbox) -> None:
        one.unread_rev = inbox.rev

    return _change(person, notifications, announcements, unread)


def archive(
    *, person: int, notifications: Sequence[int] = (), announcements: Sequence[int] = ()
) -> Inbox:
    """Put some away: they are found in the archive; an announcement is put away for good."""
    return _put(person, Place.ARCHIVE, notifications, announcements)


def delete(
    *, person: int, notifications: Sequence[int] = (), announcements: Sequence[int] = ()
) -> Inbox:
    """Delete some. For a few days they can be brought back."""
    return _put(person, Place.GONE, notifications, announcements)


def restore(
    *, person: int, notifications: Sequence[int] = (), announcements: Sequence[int] = ()
) -> Inbox:
    """Bring back what was archived, snoozed or deleted, read or unread as it was. What was taken
    back by those who had told it stays gone."""

    def put(one: Notification | Mark, inbox: Inbox) -> None:
        if isinstance(one, Mark):
            one.is_gone = False
        else:
            one.place, one.snoozed_until = Place.INBOX.value, None

    return _change(person, notifications, announcements, put, choose=_restorable)


def snooze(
    *,
    person: int,
    notifications: Sequence[int],
    until: datetime | None = None,
    later: Later | None = None,
    wall: datetime | None = None,
) -> Inbox:
    """Put some away until a time; then they come up as if they were new. It is a moment, or one
    that is computed from what the wall shows where the person lives."""
    zone = ZoneInfo(User.objects.get(pk=person).zone)
    if later:
        until = comes_up(later, zone, timezone.now())
    elif wall:
        until = on_the_wall(wall, zone)
    if until is None or not timezone.now() < until < timezone.now() + LONGEST_SNOOZE:
        raise ValidationError(_("Choose a time within the next year."))

    def put(one: Notification | Mark, inbox: Inbox) -> None:
        if isinstance(one, Notification):
            one.place, one.snoozed_until = Place.SNOOZED.value, until

    return _change(person, notifications, (), put)


Act = Callable[[Notification | Mark, Inbox], None]
Choose = Callable[[int, Sequence[int]], Iterable[Notification]]


def _put(
    person: int, place: Place, notifications: Sequence[int], announcements: Sequence[int]
) -> Inbox:
    def put(one: Notification | Mark, inbox: Inbox) -> None:
        if isinstance(one, Mark):
            one.is_gone = True
        else:
            one.place, one.snoozed_until = place.value, None

    return _change(person, notifications, announcements, put)


def _change(
    person: int,
    notifications: Sequence[int],
    announcements: Sequence[int],
    act: Act,
    choose: Choose | None = None,
) -> Inbox:
    """Do something to some of a person's notifications, and to their marks on announcements.
    What is not there any more is passed over: another page was faster."""
    with transaction.atomic():
        step, inbox = _advance(person)
        found = list((choose or _there)(person, notifications))
        marks = _marks(inbox, announcements)
        some: list[Notification | Mark] = [*found, *marks]
        for one in some:
            act(one, inbox)
            one.rev = inbox.rev
        Notification.objects.bulk_update(
            found, ["unread_rev", "place", "snoozed_until", "rev"], batch_size=100
        )
        Mark.objects.bulk_update(marks, ["unread_rev", "is_gone", "rev"])
        recall([person])
        tell({person: step}, found, marks)
    return inbox


def _there(person: int, numbers: Sequence[int]) -> Iterable[Notification]:
    return Notification.objects.there().filter(inbox=person, pk__in=numbers)


def _restorable(person: int, numbers: Sequence[int]) -> Iterable[Notification]:
    mine = list(Notification.objects.filter(inbox=person, pk__in=numbers, count__gt=0))
    groups = {one.group for one in mine if one.group}
    there = Notification.objects.there().filter(inbox=person, group__in=groups)
    # There is one of a group: what happened after a deletion has made another.
    taken = set(there.values_list("group", flat=True))
    for one in mine:
        if one.place != Place.GONE or one.group not in taken:
            taken |= {one.group} - {""}
            yield one


def _marks(inbox: Inbox, announcements: Sequence[int]) -> list[Mark]:
    """Return the person's marks on announcements that are there; new ones say what the watermark
    said, and are stored."""
    there = Announcement.objects.filter(pk__in=announcements, is_gone=False)
    marks = {one.announcement_id: one for one in inbox.marks.filter(announcement__in=announcements)}
    new = []
    for announcement in there:
        if announcement.pk not in marks:
            is_unread = announcement.seq > inbox.announcements_read_until
            unread_rev = inbox.rev if is_unread else 0
            new.append(
                Mark(inbox=inbox, announcement=announcement, unread_rev=unread_rev, rev=inbox.rev)
            )
    return [*marks.values(), *Mark.objects.bulk_create(new)]


def _advance(person: int) -> tuple[Step, Inbox]:
    steps = advance_inboxes([person])
    if person not in steps:
        raise Inbox.DoesNotExist
    step = steps[person]
    return step, step.stream  # type: ignore[return-value]
