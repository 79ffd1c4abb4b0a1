"""The sources, as boards ask for them."""

from collections.abc import Iterator

from dashboard.boards.sources import Source
from dashboard.models import Audience, IngestSource


def all_sources() -> Iterator[Source]:
    """Yield who sends, and who may see what they send."""
    for one in IngestSource.objects.prefetch_related("rooms"):
        shares = one.audience == Audience.ROOMS
        rooms = frozenset(room.pk for room in one.rooms.all()) if shares else frozenset()
        yield Source(
            one.pk, one.slug, one.title, everybody=one.audience == Audience.EVERYBODY, rooms=rooms
        )
