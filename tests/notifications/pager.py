"""A channel to the outside that tests can look at, and what is said by it."""

from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from chat import services as chat
from chat.models import Room
from notifications import services
from notifications.deliveries.channels import (
    PUSH,
    Item,
    Outcome,
    Sent,
)
from notifications.deliveries.models import Delivery, State
from notifications.deliveries.sending import deliver
from notifications.models import Notification, Trace
from notifications.notices import Notice
from realtime_project.accounts.models import User
from realtime_project.live import seeing
from realtime_project.live.sight import Glance, Report


class Pager:
    """A channel to devices that tests can look at."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, list[Item]]] = []
        self.withdrawn: list[tuple[str, list[str]]] = []
        self.answers: list[Sequence[Outcome]] = []

    def send(self, person: User, items: Sequence[Item], target: str) -> Sequence[Outcome]:
        # What is sent within a transaction can be sent, and then not have happened.
        assert not transaction.get_connection().in_atomic_block
        self.sent.append((person.username, target, list(items)))
        return self.answers.pop(0) if self.answers else [Sent()]

    def take_back(self, person: User, items: Sequence[Item]) -> None:
        self.withdrawn.append((person.username, [item.tag for item in items]))

    @property
    def texts(self) -> list[list[str]]:
        return [[item.text for item in items] for _person, _target, items in self.sent]


def poke(person: User, **facts: object) -> None:
    services.notify(Notice(person.pk, "tests.poke", **facts))  # type: ignore[arg-type]


def send_all() -> None:
    while deliver(PUSH):
        pass


def let_time_pass() -> None:
    Delivery.objects.filter(state=State.WAITING).update(due=timezone.now())


def mention(alice: User, bob: User, room: Room) -> Notification:
    chat.post_message(person=bob.pk, room=room.pk, client_id=uuid4(), text="@alice!")
    while services.tell_what_happened():
        pass
    return Notification.objects.filter(inbox=alice.pk).latest("pk")


def looks_at(person: User, place: str, rev: int, *, seconds_ago: float) -> None:
    report = Report(100.0, {person.pk: {place: Glance(rev, 100.0 - seconds_ago)}})
    seeing.store("worker", seeing.encode(report))


def reasons(person: User) -> list[str]:
    return [line[0] for line in Trace.objects.get(person=person).lines]
