"""Badges when something is announced to everybody.

An announcement is one row and changes the counts of every inbox without touching any. So each
worker follows announcements itself, and tells those who are here their counts anew: one query for
a few hundred people, and a few bytes to each. It is a hint: a page whose counts are of an older
rev of the announcements than it holds asks for them.
"""

import asyncio
import logging

from notifications import queries
from notifications.models import Announcements, Inbox
from realtime_project.live.changes import Change, Row, encode
from realtime_project.live.cursor import Want
from realtime_project.live.database import AWAY, in_database
from realtime_project.live.hub import Hub

logger = logging.getLogger(__name__)

# What is announced in quick succession is counted once.
GATHER_SECONDS = 0.2
MAX_PEOPLE = 500
KEY = Announcements(pk=1).key


def keep_badges(hub: Hub) -> None:
    """Have the people who are connected to this process told when announcements change what
    their badges show. Once for each process is enough, more often is fine."""
    if not hub.is_tapped(KEY):
        hub.tap(KEY, _load, Badges(hub).note)


class Badges:
    """Tells the counts to those whose inboxes are open here, some time after a row of the
    announcements has passed."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._waiting: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, row: Row) -> None:
        if self._waiting is None:
            self._waiting = asyncio.ensure_future(self._tell_soon())
            # The loop itself does not keep a task from being collected.
            self._tasks.add(self._waiting)
            self._waiting.add_done_callback(self._tasks.discard)

    async def _tell_soon(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        # What is announced from now on is counted by the next one.
        self._waiting = None
        people = self._people()
        try:
            for start in range(0, len(people), MAX_PEOPLE):
                await self._tell(people[start : start + MAX_PEOPLE])
        except AWAY as error:
            logger.warning("Pages ask for their counts themselves: %r", error)

    async def _tell(self, people: list[int]) -> None:
        counts = await in_database(queries.counts, people)
        for person, one in counts.items():
            self._hub.tell_here(Inbox(pk=person).key, "counts", encode(one))

    def _people(self) -> list[int]:
        """Those whose inbox is open here."""
        held = [feed.key.partition(":") for feed in self._hub.feeds() if feed.subscriptions]
        return [int(number) for kind, _, number in held if kind == Inbox.kind]


async def _load(key: str, after: int) -> Change:
    want = Want(key, after)
    return (await in_database(queries.announcements_changes, [want]))[want]
