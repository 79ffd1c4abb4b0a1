"""Whom the notifications' own happenings concern."""

from collections.abc import Sequence

from django.urls import reverse

from notifications.kinds import PUBLISHED, SIGN_IN
from notifications.models import Notification, Published
from notifications.notices import Entry, Notice, Outreach, Retraction
from notifications.outbox import Page, tells
from notifications.publishing.wording import content_of, shown_as
from realtime_project.accounts.models import User


@tells("notifications.retracted")
def retracted(
    page: Page,
    *,
    message: int | None = None,
    room: int | None = None,
    person: int | None = None,
    group: str = "",
    key: str = "",
) -> Sequence[Entry]:
    """Everybody who was told about a message, a room or a group."""
    about = {"message": message, "room": room, "inbox": person, "group": group}
    wanted = {name: value for name, value in about.items() if value}
    told = Notification.objects.there().filter(**wanted, inbox__gt=page.after)
    people = told.order_by("inbox").values_list("inbox", flat=True).distinct()
    return [
        Retraction(one, message=message, room=room, group=group, key=key)
        for one in people[: page.limit]
    ]


@tells("notifications.announced")
def announced(page: Page, *, announcement: int) -> Sequence[Entry]:
    """Everybody, for whom it may leave: in the inboxes it is one row for all of them."""
    people = User.objects.filter(is_active=True, pk__gt=page.after).order_by("pk")
    return [Outreach(pk, announcement) for pk in people.values_list("pk", flat=True)[: page.limit]]


@tells("accounts.signed_in")
def signed_in(page: Page, *, person: int, agent: str) -> Sequence[Entry]:
    """Whoever signed in with a browser that had never done so."""
    if person <= page.after:
        return []
    return [Notice(person, SIGN_IN.name, params={"agent": agent}, url=reverse("sessions"))]


@tells("notifications.published")
def published(
    page: Page, *, published: int, person: int | None = None, group: int | None = None
) -> Sequence[Entry]:
    """Those to whom a program said something, whoever they are by now."""
    found = Published.objects.filter(pk=published).first()
    if found is None:
        return []
    content = content_of(found)
    title, detail = shown_as(content)
    people = User.objects.filter(is_active=True, pk__gt=page.after).order_by("pk")
    audience = people.filter(groups=group) if person is None else people.filter(pk=person)
    return [
        Notice(
            person=one,
            kind=PUBLISHED.name,
            key=f"published:{found.pk}",
            group=f"published:{found.owner_id}:{content.group}" if content.group else "",
            # What one's own program says is news to oneself.
            actor=found.owner_id if one != found.owner_id else None,
            url=content.click,
            params={"title": title, "detail": detail},
            priority=content.priority,
            expires=content.expires,
            happened=found.created,
        )
        for one in audience.values_list("pk", flat=True)[: page.limit]
    ]
