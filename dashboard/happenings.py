"""Whom it concerns what the dashboard has seen."""

from collections.abc import Sequence

from django.urls import reverse

from chat.models import Membership, Message
from chat.standing import standing
from dashboard.alerts.telling import group_of
from dashboard.kinds import FIRING, HEARTBEAT, RESOLVED
from dashboard.models.alerts import Alert, AlertEvent, Said, Severity, Watch
from notifications.decision import URGENT, Standing
from notifications.kinds import Kind
from notifications.notices import EVERYBODY, Entry, Notice
from notifications.outbox import Page, tells
from realtime_project.accounts.models import User


@tells("dashboard.fired")
def fired(page: Page, *, alert: int, event: int) -> Sequence[Entry]:
    """Those who are to see to an alert, unless it is over by now."""
    found = _event(alert, event)
    if found is None or not found.alert.is_on or found.number < found.alert.episode:
        return []
    kind = HEARTBEAT if found.alert.rule.watch == Watch.HEARTBEAT else FIRING
    return _notices(page, found, kind, group=group_of(found.alert))


@tells("dashboard.resolved")
def resolved(page: Page, *, alert: int, event: int) -> Sequence[Entry]:
    """The same people, once it is over."""
    found = _event(alert, event)
    return _notices(page, found, RESOLVED) if found else []


def _event(alert: int, event: int) -> AlertEvent | None:
    events = AlertEvent.objects.select_related("alert__rule__room", "alert__message__room")
    return events.filter(pk=event, alert=alert).first()


def _notices(page: Page, event: AlertEvent, kind: Kind, *, group: str = "") -> list[Entry]:
    alert, rule = event.alert, event.alert.rule
    # Whoever has read the message is reminded all the same: a reminder is about none.
    message = alert.message if event.what != Said.REPEATED else None
    url = reverse("alerts:alert", args=[alert.pk])
    if message is not None:
        url = reverse("chat:room-at", args=[message.room_id, message.seq])
    is_urgent = kind is not RESOLVED and rule.severity == Severity.CRITICAL
    return [
        Notice(
            person=person,
            kind=kind.name,
            key=f"alert:{alert.pk}:{event.number}",
            group=group,
            room=message.room_id if message else None,
            message=message.pk if message else None,
            url=url,
            params={
                "name": str(alert),
                "alert": alert.pk,
                "seconds": int(event.seconds or 0),
                "room": rule.room.name if rule.room else "",
            },
            priority=URGENT if is_urgent else None,
            happened=event.at,
            place=message.room.key if message else "",
            rev=message.seq if message else 0,
            standing=how,
        )
        for person, how in _concerned(page, alert, message)
    ]


def _concerned(page: Page, alert: Alert, message: Message | None) -> list[tuple[int, Standing]]:
    """Who is in the room of a rule; of one without a room, who runs the place."""
    if alert.rule.room_id is None:
        staff = User.objects.filter(is_active=True, is_staff=True, is_bot=False, pk__gt=page.after)
        numbers = staff.order_by("pk").values_list("pk", flat=True)
        return [(pk, EVERYBODY) for pk in numbers[: page.limit]]
    members = Membership.objects.active().filter(
        room=alert.rule.room_id, person__gt=page.after, person__is_bot=False
    )
    found = members.order_by("person")[: page.limit]
    return [(one.person_id, standing(one, message) if message else EVERYBODY) for one in found]
