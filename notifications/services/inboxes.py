"""Writing to inboxes: advance, change, tell, the same for one person and for five hundred."""

from collections.abc import Collection, Iterable, Mapping

from notifications.counting import standing
from notifications.models import Announcements, Inbox, Mark, Notification
from notifications.rows import inbox_row, mark_row, notification_rows
from realtime_project.accounts.models import User
from realtime_project.live.changes import Row
from realtime_project.live.inserting import Insertion
from realtime_project.live.publish import publish_all
from realtime_project.live.statements import Question
from realtime_project.live.streams import Step, advance


def open_inboxes(people: Collection[int]) -> dict[int, Inbox]:
    """Give people who are new their inboxes, and return those of people with an account that is
    in use. Not locked yet."""
    active = [pk for (pk,) in _ACTIVE.ask(people)]
    there = {pk for (pk,) in _INBOXES.ask(active)}
    if missing := [pk for pk in active if pk not in there]:
        # What was announced before somebody came is no news to them.
        until = Announcements.current().rev
        _NEW.store([(pk, 0, 0, 0, 0, until, until) for pk in missing])
    return {pk: Inbox(pk=pk) for pk in active}


def advance_inboxes(people: Collection[int]) -> dict[int, Step]:
    """Take the next rev of inboxes, in the caller's transaction, and read them under the locks."""
    steps = {pk: Step(inbox, reads_all=True) for pk, inbox in open_inboxes(people).items()}
    advance(*steps.values())
    return steps


def tell(
    steps: Mapping[int, Step],
    notifications: Iterable[Notification] = (),
    marks: Iterable[Mark] = (),
) -> None:
    """Tell the pages of people what changed in their inboxes, and the counts after it."""
    changed = list(notifications)
    rows: dict[int, list[Row]] = {person: [] for person in steps}
    for notification, row in zip(changed, notification_rows(changed), strict=True):
        rows[notification.inbox_id].append(row)
    for mark in marks:
        rows[mark.inbox_id].append(mark_row(mark))
    for person, inbox in standing(steps).items():
        rows[person].append(inbox_row(inbox))
    publish_all((step, rows[person]) for person, step in steps.items())


_ACTIVE = Question(
    lambda people: (
        User.objects.filter(pk__in=people, is_active=True).order_by("pk").values_list("pk")
    )
)
_NEW = Insertion(
    Inbox,
    [
        "person",
        "rev",
        "floor",
        "read_until",
        "seen_until",
        "announcements_read_until",
        "announcements_seen_until",
    ],
    # Somebody may have made it meanwhile.
    unique=["person"],
)
_INBOXES = Question(lambda people: Inbox.objects.filter(pk__in=people).values_list("pk"))
