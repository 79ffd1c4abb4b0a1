"""Telling people: notices become notifications, and what is not so any more is taken back."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from notifications import kinds
from notifications.decision import Decision
from notifications.deliveries.recalling import recall
from notifications.deliveries.writing import Told, write_deliveries
from notifications.models import Notification, Place
from notifications.notices import (
    MAX_EVENTS,
    Entry,
    Event,
    Notice,
    Outreach,
    Retraction,
    read_events,
    store,
)
from notifications.services.deciding import Admitted, admitted
from notifications.services.inboxes import advance_inboxes, tell
from notifications.services.reaching_out import reach_out
from realtime_project.live.inserting import insert
from realtime_project.live.statements import Question
from realtime_project.live.streams import Step


def notify(*notices: Notice) -> list[Notification]:
    """Tell people, each in their own inbox. Returns what is new there, or has come up anew.

    A notice with a key that was told before changes nothing. Many people are told by a
    happening instead, outside of anybody's request. Raises LookupError for an unknown kind.
    """
    return write(notices)


def retract(*retractions: Retraction) -> list[Notification]:
    """Take back what was told: it is gone for good, and not counted any more."""
    return write(retractions)


def write(entries: Iterable[Entry]) -> list[Notification]:
    """Write notices and retractions into inboxes, in their order, each inbox by one rev.

    Within the caller's transaction it is called once: the inboxes are locked in one order.
    """
    with transaction.atomic():
        now, entries = timezone.now(), list(entries)
        reach_out([one for one in entries if isinstance(one, Outreach)], now)
        wanted = admitted([one for one in entries if not isinstance(one, Outreach)], now)
        if not wanted:
            return []
        steps = advance_inboxes({one.entry.person for one in wanted})
        reached = [one for one in wanted if one.entry.person in steps]
        drawer = _open_drawer(steps, [one.entry for one in reached])
        for one in reached:
            drawer.put(one)
        drawer.close()
        write_deliveries(
            [Told(one.inbox_id, made, one.seq, notification=one.pk) for one, made in drawer.told],
            drawer.now,
        )
        recall({one.inbox_id for one in drawer.shrunk})
        tell(steps, drawer.changed)
    return drawer.changed


@dataclass
class Drawer:
    """What notices and retractions may concern of some inboxes, while it is being written to."""

    steps: dict[int, Step]
    now: datetime
    keys: set[tuple[int, str]]
    """Those under which a person has been told already, without a group."""
    there: dict[int, list[Notification]] = field(default_factory=lambda: defaultdict(list))
    """By person: what may be grouped or taken back."""
    told: list[tuple[Notification, Decision]] = field(default_factory=list)
    """What is new or has come up anew, by which decision: some of it leaves for the outside."""
    shrunk: list[Notification] = field(default_factory=list)
    """That of which something was taken back."""
    _new: list[Notification] = field(default_factory=list)
    _old: dict[int, Notification] = field(default_factory=dict)

    @property
    def changed(self) -> list[Notification]:
        return [*self._old.values(), *self._new]

    def put(self, admitted: Admitted) -> None:
        entry = admitted.entry
        if isinstance(entry, Retraction):
            self._retract(entry)
            return
        found = self._put(entry)
        if found is not None and admitted.decision is not None:
            found.is_quiet = admitted.decision.is_quiet
            self.told.append((found, admitted.decision))

    def close(self) -> None:
        """Store what was put."""
        if self._new:
            insert(self._new)
        if self._old:
            Notification.objects.bulk_update(self._old.values(), _WRITTEN, batch_size=100)

    def _put(self, notice: Notice) -> Notification | None:
        """Return what tells of a notice, or None where it was told before."""
        if notice.group:
            return self._group(notice)
        if notice.key and (notice.person, notice.key) in self.keys:
            return None
        self.keys.add((notice.person, notice.key))
        return self._add(notice)

    def _group(self, notice: Notice) -> Notification | None:
        there = self.there[notice.person]
        found = next((one for one in there if one.group == notice.group and not one.is_gone), None)
        if found is None:
            return self._add(notice)
        events = read_events(found.events)
        if notice.key and any(event.key == notice.key for event in events):
            return None
        self._raise(found, notice, events)
        return found

    def _add(self, notice: Notice) -> Notification:
        kind = kinds.find(notice.kind)
        rev = self.steps[notice.person].stream.rev
        notification = Notification(
            inbox_id=notice.person,
            kind=kind.name,
            group=notice.group,
            key="" if notice.group else notice.key,
            unread_rev=rev,
            events=store([notice.event]),
            created=self.now,
            **self._facts(notice),
        )
        self._new.append(notification)
        self.there[notice.person].append(notification)
        return notification

    def _raise(self, found: Notification, notice: Notice, events: list[Event]) -> None:
        """Let another event of a group bring it up anew. What was read is not counted again."""
        inbox = self.steps[notice.person].stream
        is_unread = found.is_unread_in(inbox)  # type: ignore[arg-type]
        found.events = store([*(events if is_unread else []), notice.event][-MAX_EVENTS:])
        found.count = found.count + 1 if is_unread else 1
        found.unread_rev = inbox.rev
        found.snoozed_until = None
        for name, value in self._facts(notice).items():
            setattr(found, name, value)
        self._change(found)

    def _facts(self, notice: Notice) -> dict[str, object]:
        rev = self.steps[notice.person].stream.rev
        return {
            "rev": rev,
            "seq": rev,
            "place": Place.INBOX.value,
            "room": notice.room,
            "message": notice.message,
            "url": notice.url,
            "params": store(notice.params),
            "priority": notice.priority or kinds.find(notice.kind).priority,
            "happened": self.now,
            "expires": notice.expires,
        }

    def _retract(self, retraction: Retraction) -> None:
        for found in self.there[retraction.person]:
            if found.is_gone or not concerns(retraction, found):
                continue
            events = read_events(found.events)
            left = [one for one in events if not is_event(retraction, one)]
            if len(left) == len(events):
                continue
            found.count -= len(events) - len(left)
            found.events = store(left)
            if left:
                found.message = left[-1].message
            else:
                wipe(found)
            found.rev = self.steps[retraction.person].stream.rev
            self.shrunk.append(found)
            self._change(found)

    def _change(self, found: Notification) -> None:
        if found.pk:
            self._old[found.pk] = found


def concerns(retraction: Retraction, found: Notification) -> bool:
    """Return whether a retraction means a notification, or an event of it."""
    if retraction.group:
        return found.group == retraction.group
    about = {"message": retraction.message, "room": retraction.room}
    return all(value in (None, getattr(found, name)) for name, value in about.items())


def is_event(retraction: Retraction, event: Event) -> bool:
    """Return whether a retraction means an event of its group."""
    if retraction.key:
        return event.key == retraction.key
    return retraction.message in (None, event.message)


def wipe(notification: Notification) -> None:
    """Leave nothing of a notification but that it was there."""
    notification.place = Place.GONE.value
    notification.events, notification.params, notification.url = "[]", "{}", ""
    notification.count = 0
    notification.room = notification.message = None
    notification.snoozed_until = notification.expires = None


def _open_drawer(steps: dict[int, Step], entries: Sequence[Notice | Retraction]) -> Drawer:
    """Read what there is, under the locks: whoever else writes to these inboxes waits."""
    notices = [one for one in entries if isinstance(one, Notice)]
    keys = {one.key for one in notices if one.key and not one.group}
    drawer = Drawer(steps, timezone.now(), set(_KEYS.ask(steps, keys)))
    for found in _concerned(steps, entries):
        drawer.there[found.inbox_id].append(found)
    return drawer


def _concerned(
    steps: dict[int, Step], entries: Sequence[Notice | Retraction]
) -> Iterable[Notification]:
    groups = {one.group for one in entries if one.group}
    retracted = [one for one in entries if isinstance(one, Retraction) and not one.group]
    if not groups and not retracted:
        return ()
    wanted = Q(group__in=groups)
    wanted |= Q(message__in={one.message for one in retracted if one.message})
    wanted |= Q(room__in={one.room for one in retracted if one.room})
    return Notification.objects.there().filter(wanted, inbox__in=list(steps))


_KEYS = Question(
    lambda people, keys: (
        Notification.objects.filter(inbox__in=people)
        .filter(key__in=keys)
        .order_by()
        .values_list("inbox_id", "key")
    )
)
_WRITTEN = [
    field.name
    for field in Notification._meta.concrete_fields
    if field.name not in {"id", "inbox", "kind", "group", "key", "created"}
]
