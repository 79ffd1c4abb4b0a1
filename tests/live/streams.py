"""A stream and those who listen to it, without a database and without sockets."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from unittest.mock import Mock

from realtime_project.live.changes import Change
from realtime_project.live.feed import Feed
from realtime_project.live.subscription import Subscription
from tests.live.clients import Wire
from tests.live.rows import ROOM

ALICE, BOB, MALLORY = 1, 2, 3


class Database:
    """What reading the stream after a rev gives, and how often it was read. A test that clears
    `answers` holds the answers back; `faults` says how many reads fail first."""

    def __init__(self) -> None:
        self.found: dict[int, Change] = {}
        self.reads: dict[int, int] = defaultdict(int)
        self.faults = 0
        self.answers = asyncio.Event()
        self.answers.set()

    async def load(self, key: str, after: int) -> Change:
        self.reads[after] += 1
        if self.faults:
            self.faults -= 1
            raise OSError("the database restarts")
        found = self.found[after]
        await self.answers.wait()
        return found


class Listener:
    """One client that listens to a feed."""

    def __init__(self, feed: Feed, cursor: int, wire: Wire | None = None, person: int = 0) -> None:
        self.wire = wire or Wire()
        self.subscription = Subscription(ROOM, person, self.wire)
        self.subscription.is_live = True
        self.subscription.cursor = cursor
        feed.subscriptions.add(self.subscription)

    @property
    def changes(self) -> list[tuple[int, int]]:
        """From which to which rev it was told."""
        return [(one["from"], one["rev"]) for one in self.wire.told if "rows" in one]


def begun_feed(database: Database, rev: int = 0) -> Feed:
    feed = Feed(ROOM, database.load, Mock(), Mock())
    feed.begin(rev)
    return feed


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so; not for ever."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 (what is waited for knows of no event)
            await asyncio.sleep(0)
