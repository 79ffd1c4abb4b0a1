"""Deliveries as what they tell, in the language of who is told."""

from collections.abc import Sequence

from django.utils.translation import gettext, override

from notifications import kinds
from notifications.deliveries.channels import Item
from notifications.deliveries.models import Delivery, Why
from notifications.models import Announcement, Notification
from notifications.rows import shown
from realtime_project.accounts.models import User


def items_of(person: User, deliveries: Sequence[Delivery]) -> list[Item]:
    """Return what deliveries tell a person. Several events of one notification are one item."""
    with override(person.read_language):
        last = {_tag(one): one for one in sorted(deliveries, key=lambda one: one.seq)}
        return [_item(person, one, tag) for tag, one in last.items()]


def _item(person: User, delivery: Delivery, tag: str) -> Item:
    if delivery.notification is not None:
        return _of_notification(person, delivery, delivery.notification, tag)
    if delivery.announcement is not None:
        return _of_announcement(delivery, delivery.announcement, tag)
    raise ValueError(f"Delivery {delivery.pk} is about nothing")


def _of_notification(person: User, delivery: Delivery, about: Notification, tag: str) -> Item:
    [row] = shown([about])
    kind = kinds.kinds().get(about.kind)
    return Item(
        delivery=delivery.pk,
        tag=tag,
        seq=delivery.seq,
        kind=about.kind,
        label=str(kind.label) if kind else "",
        text=row.text.get(person.read_language, ""),
        where=row.where,
        url=about.url,
        priority=about.priority,
        happened=about.happened,
        room=about.room,
        message=about.message,
        notification=about.pk,
        why=Why(delivery.why),
        detail=row.detail,
    )


def _of_announcement(delivery: Delivery, about: Announcement, tag: str) -> Item:
    return Item(
        delivery=delivery.pk,
        tag=tag,
        seq=delivery.seq,
        kind=kinds.ANNOUNCEMENT.name,
        label=gettext("Announcement"),
        text=about.title,
        where="",
        url=about.url,
        priority=about.priority,
        happened=about.created,
        announcement=about.pk,
        why=Why(delivery.why),
    )


def _tag(delivery: Delivery) -> str:
    if delivery.notification_id is not None:
        return f"n{delivery.notification_id}"
    return f"a{delivery.announcement_id}"
