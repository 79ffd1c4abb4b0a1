"""Asking who is connected, and closing a socket. For those who run the place."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from dashboard.models import SocketEnd, SocketsAsked, WorkerSockets
from dashboard.sockets.keeping import end_row, question
from dashboard.sockets.table import SocketRow, Table, decode
from realtime_project.accounts.audit import record_done
from realtime_project.accounts.models import User
from realtime_project.live.publish import publish
from realtime_project.live.streams import Step, advance, purge

ASK_AGAIN = timedelta(seconds=1)
FRESH = timedelta(seconds=20)
KEPT = timedelta(days=1)


def ask() -> None:
    """Have every worker say who is connected to it, unless that was asked a moment ago."""
    SocketsAsked.current()
    is_due = Q(asked=None) | Q(asked__lt=Now() - ASK_AGAIN)
    with transaction.atomic():
        # Whoever comes first asks for all who look at the same time.
        if SocketsAsked.objects.filter(is_due, pk=1).update(asked=Now()):
            step = Step(SocketsAsked.current())
            advance(step)
            publish(step, [question(step.stream.rev)])


def sockets(person: User) -> dict[str, Any]:
    """Return what workers have answered lately, and ask them again."""
    _check(person)
    ask()
    tables = [
        (one, decode(bytes(one.body)))
        for one in WorkerSockets.objects.filter(told__gt=Now() - FRESH).order_by("worker")
    ]
    people = User.objects.in_bulk({row.person for _one, table in tables for row in table.sockets})
    return {
        "count": sum(table.count for _one, table in tables),
        "sockets": [
            _told(row, people.get(row.person), one)
            for one, table in tables
            for row in table.sockets
        ],
    }


def close_socket(*, person: User, socket: str) -> None:
    """Close a socket that is open, wherever it is, and write down who did. Its page comes back:
    to keep somebody out they are signed out or deactivated."""
    _check(person)
    row = _find(socket)
    with transaction.atomic():
        step = Step(SocketsAsked.current())
        advance(step)
        end = SocketEnd.objects.create(stream_id=step.stream.pk, rev=step.stream.rev, socket=socket)
        publish(step, [end_row(end)])
        about = User.objects.get(pk=row.person)
        where = f"{row.transport} from {row.address} on {row.worker}"
        record_done(about, by=person, what=f"closed a socket: {where}")


def forget_old() -> None:
    """Delete for good what was asked and closed a day ago."""
    long_ago = timezone.now() - KEPT
    WorkerSockets.objects.filter(told__lt=long_ago).delete()
    ends = SocketEnd.objects.filter(created__lt=long_ago)
    if ends.exists():
        purge(SocketsAsked.current(), ends)


def _find(socket: str) -> SocketRow:
    worker = socket.rpartition(".")[0]
    answer = WorkerSockets.objects.get(worker=worker)
    table: Table = decode(bytes(answer.body))
    found = next((row for row in table.sockets if row.id == socket), None)
    if found is None:
        raise ObjectDoesNotExist
    return found


def _told(row: SocketRow, person: User | None, answer: WorkerSockets) -> dict[str, Any]:
    named = {"id": person.pk, "name": str(person), "username": person.username} if person else None
    fields = ("id", "address", "transport", "worker", "age", "lag", "unsent", "topics")
    return {name: getattr(row, name) for name in fields} | {
        "person": named,
        "in": row.heard,
        "out": row.written,
        "since": answer.told.timestamp() - row.age,
    }


def _check(person: User) -> None:
    if not person.is_staff:
        raise PermissionDenied
