"""Who sees what came by a source, and what becomes of those who see it no more."""

from collections.abc import Iterable

from django.db import transaction

from chat.models import Membership
from dashboard.logs.storing import advance_logs
from dashboard.models import Audience, IngestSource, Log
from realtime_project.accounts.models import User
from realtime_project.live import revocation
from realtime_project.live.streams import advance


def viewers(source: IngestSource) -> set[int]:
    """Return who sees a source beside staff, who see all."""
    people = User.objects.filter(is_active=True, is_staff=False)
    if source.audience == Audience.STAFF:
        people = people.none()
    elif source.audience == Audience.ROOMS:
        joined = Membership.objects.active().filter(room__in=source.rooms.all())
        people = people.filter(pk__in=joined.values("person_id"))
    return set(people.values_list("pk", flat=True))


def hold() -> None:
    """Take the lock of all lines first, as whoever stores some does before it touches a source:
    two who take both in different orders could wait for each other."""
    Log.objects.select_for_update().get(pk=Log.current().pk)


def end_access(source: IngestSource, people: Iterable[int]) -> None:
    """Let people hear of a source's lines no more, everywhere. Within the transaction that takes
    their right away."""
    with transaction.atomic():
        for person in people:
            # Beyond every rev at which somebody was let in.
            *_others, own = advance_logs(1, source.pk)
            step = revocation.next_step()
            advance(step)
            revocation.revoke_stream(step, person, own.stream)


def left_room(person: int, room: int) -> None:
    """End what somebody saw only because they were in a room."""
    sources = IngestSource.objects.filter(audience=Audience.ROOMS, rooms=room)
    if not sources.exists() or User.objects.filter(pk=person, is_staff=True).exists():
        return
    for source in sources:
        if person not in viewers(source):
            end_access(source, [person])
