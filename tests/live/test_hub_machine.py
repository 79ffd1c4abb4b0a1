"""Whatever happens to announcements, queries and sockets, every page ends up with the truth.

Hypothesis plays one room: what is written, how its announcements travel, when each query of the
hub reads and when its answer arrives, and what becomes of the sockets.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from realtime_project.live import changes, feed, ring, routes, subscribing, topics
from realtime_project.live.changes import Change
from realtime_project.live.connection import Connection
from realtime_project.live.hub import Hub
from tests.live.clients import Page, WatchedWire
from tests.live.ledger import Ledger, LedgerTopic
from tests.live.rows import ROOM, parse

ALICE, BOB, MALLORY = 1, 2, 3
# So small that a short story meets all of the bounds.
SMALL = [
    (feed, "GAP_SECONDS", 0),
    (feed, "RETRY_SECONDS", 0),
    (ring, "MAX_ROWS", 4),
    (changes, "MAX_FRAME_BYTES", 200),
]
some = st.integers(0, 9)


class Tab:
    """One browser tab: its page, its socket, and what the hub may write to it."""

    def __init__(self, world: "World", person: int) -> None:
        self.world = world
        self.person = person
        self.page = Page(world.ledger, person)
        self.is_subscribed = False
        self._told_until: int | None = None
        self._asked_at = 0
        self._read = 0
        self._subscribing: asyncio.Task[None] | None = None
        self.connect()

    @property
    def is_busy(self) -> bool:
        return self._subscribing is not None and not self._subscribing.done()

    def connect(self) -> None:
        self.wire = WatchedWire(self._watch)
        self.connection = Connection(self.world.hub, self.wire, self.person, "session", "epoch")
        self._read = 0

    def drop(self) -> None:
        """Lose the socket, with what was written to it and not yet read."""
        self.wire.abandon()
        self.connection.end()
        self.is_subscribed = False
        if self._subscribing is not None:
            # The server finishes the command that is under way.
            self.world.finish(self._subscribing)
        self.connect()

    def subscribe(self) -> None:
        self.is_subscribed = False
        self._told_until, self._asked_at = self.page.cursor, self.world.ledger.rev
        self._subscribing = self.world.loop.create_task(self._subscribe())

    async def _subscribe(self) -> None:
        await subscribing.subscribe(self.connection, 1, {ROOM: self.page.cursor})

    def read(self, frames: int) -> None:
        for frame in self.wire.told[self._read :][:frames]:
            self.page.apply(frame)
            self._read += 1

    def _watch(self, frame: bytes) -> None:
        told = parse(frame)
        if "re" in told:
            self.is_subscribed = "rev" in told["ok"][ROOM]
            return
        assert self.is_subscribed, f"{told} came to somebody who is not here"
        if told.get("event") == "left":
            assert self._was_removed(), "somebody who is a member was sent away"
            self.is_subscribed = False
        elif told.get("reset"):
            self._told_until = told["rev"]
        else:
            self._watch_changes(frame, told)

    def _watch_changes(self, frame: bytes, told: dict[str, Any]) -> None:
        assert told["from"] == self._told_until, f"{told} does not follow {self._told_until}"
        self._told_until = told["rev"]
        for row in told["rows"]:
            assert self.world.ledger.may_see(self.person, row), f"{row} is not for {self.person}"
        for text, rev in self.world.ledger.forgotten.items():
            if rev <= self.world.hub_rev:
                assert text.encode() not in frame, f"“{text}” was gone with {rev}"

    def _was_removed(self) -> bool:
        periods = self.world.ledger.periods[self.person]
        return any((period.end or 0) > self._asked_at for period in periods)


class World(RuleBasedStateMachine):
    """A room with Alice, Bob and, at times, Mallory."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = [patch.object(*one) for one in SMALL]
        self.patches += [
            patch.object(routes, "routes", lambda: [routes.topic("room:<int:room>", self.topic)]),
            patch.object(subscribing, "in_database", self.query),
            patch.object(topics, "in_database", self.query),
        ]
        for one in self.patches:
            one.start()
        self.loop = asyncio.SelectorEventLoop()
        self.faults: list[dict[str, Any]] = []
        self.loop.set_exception_handler(lambda _, context: self.faults.append(context))
        self.queries: list[asyncio.Future[None]] = []
        self.announced: list[Change] = []
        self.unannounced: list[Change] = []
        self.ledger = Ledger()
        self.topic = type("RoomTopic", (LedgerTopic,), {"ledger": self.ledger})
        self.hub = Hub()
        self.run(self.hub.start)
        for person in (ALICE, BOB):
            self.ledger.join(person, sees_history=True)
        self.tabs = [Tab(self, person) for person in (ALICE, ALICE, BOB, MALLORY)]

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.run(lambda: None)
            self.loop.close()
            for one in self.patches:
                one.stop()

    # --- people ---------------------------------------------------------------------------

    @rule(edits=st.lists(some, max_size=2), posts=st.integers(0, 4))
    def write(self, edits: list[int], posts: int) -> None:
        self.unannounced.append(self.ledger.write(self.choose_messages(edits), posts))

    @precondition(lambda self: self.ledger.messages())
    @rule(which=some)
    def delete(self, which: int) -> None:
        self.unannounced.append(self.ledger.delete(*self.choose_messages([which])))

    @rule(which=st.lists(some, max_size=2))
    def purge(self, which: list[int]) -> None:
        self.unannounced.append(self.ledger.purge(self.choose_messages(which)))

    @rule(person=st.sampled_from([ALICE, BOB, MALLORY]))
    def come_or_go(self, person: int) -> None:
        if self.ledger.is_member(person):
            self.unannounced.append(self.ledger.remove(person))
        else:
            self.unannounced.append(self.ledger.join(person, sees_history=person != MALLORY))

    # --- announcements --------------------------------------------------------------------

    @precondition(lambda self: self.unannounced)
    @rule(which=some)
    def announce(self, which: int) -> None:
        change = self.unannounced.pop(which % len(self.unannounced))
        self.announced.append(change)
        self.run(self.hub.deliver, change)

    @precondition(lambda self: self.announced)
    @rule(which=some)
    def announce_again(self, which: int) -> None:
        self.run(self.hub.deliver, self.announced[which % len(self.announced)])

    @precondition(lambda self: self.unannounced)
    @rule(which=some)
    def lose_announcement(self, which: int) -> None:
        self.unannounced.pop(which % len(self.unannounced))

    @rule()
    def check_what_was_lost(self) -> None:
        if found := self.hub._feeds.get(ROOM):
            self.run(found.expect, self.ledger.rev)

    # --- queries --------------------------------------------------------------------------

    async def query(self, function: Callable[..., Any], *args: Any) -> Any:
        """Stands for the database's threads: waits to be let in, and then to be let out."""
        await self.turn()
        result = function(*args)
        await self.turn()
        return result

    async def turn(self) -> None:
        turn = self.loop.create_future()
        self.queries.append(turn)
        await turn

    @precondition(lambda self: self.queries)
    @rule(which=some)
    def let_query_go_on(self, which: int) -> None:
        self.run(self.queries.pop(which % len(self.queries)).set_result, None)

    # --- sockets --------------------------------------------------------------------------

    @rule(which=st.integers(0, 3))
    def subscribe(self, which: int) -> None:
        if not self.tabs[which].is_busy:
            self.run(self.tabs[which].subscribe)

    @rule(which=st.integers(0, 3))
    def drop(self, which: int) -> None:
        self.tabs[which].drop()

    @rule(which=st.integers(0, 3))
    def congest_or_drain(self, which: int) -> None:
        wire = self.tabs[which].wire
        if wire.is_congested:
            self.run(wire.drain)
        else:
            wire.is_congested = True

    @rule(which=st.integers(0, 3), frames=st.integers(1, 4))
    def read(self, which: int, frames: int) -> None:
        self.tabs[which].read(frames)

    @rule()
    def forget_recent_rows(self) -> None:
        if found := self.hub._feeds.get(ROOM):
            found.ring.clear(found.rev)

    # --- what must hold -------------------------------------------------------------------

    @invariant()
    def nothing_fails(self) -> None:
        assert self.faults == []

    @precondition(lambda self: self.tabs)
    @rule()
    def settle(self) -> None:
        """Let everything arrive, and compare each page with the truth."""
        while self.unannounced:
            self.announce(0)
        self.check_what_was_lost()
        self.answer_queries()
        for tab in self.tabs:
            self.run(tab.wire.drain)
        self.answer_queries()
        for tab in self.tabs:
            tab.read(10_000)
            if tab.is_subscribed:
                self.compare(tab)

    def compare(self, tab: Tab) -> None:
        assert self.ledger.is_member(tab.person), f"{tab.person} is still here"
        truth = self.ledger.visible_to(tab.person)
        assert {name: tab.page.rows.get(name) for name in truth} == truth
        assert tab.page.rows.keys() <= self.ledger.rows.keys()
        assert tab.page.cursor == self.ledger.rev

    # --- within ---------------------------------------------------------------------------

    @property
    def hub_rev(self) -> int:
        found = self.hub._feeds.get(ROOM)
        return found.rev if found else 0

    def choose_messages(self, which: list[int]) -> list[int]:
        numbers = self.ledger.messages()
        return list({numbers[one % len(numbers)] for one in which}) if numbers else []

    def answer_queries(self) -> None:
        for _ in range(1000):
            if not self.queries:
                return
            self.let_query_go_on(0)
        raise AssertionError("the hub asks the database for ever")

    def finish(self, task: "asyncio.Task[None]") -> None:
        for _ in range(1000):
            if task.done():
                return
            self.let_query_go_on(0)

    def run(self, act: Callable[..., Any], *args: Any) -> None:
        """Do something on the loop, and wait until nothing more comes of it."""

        async def act_and_wait() -> None:
            act(*args)
            for _ in range(20):
                await asyncio.sleep(0)

        self.loop.run_until_complete(act_and_wait())


TestHub = World.TestCase
TestHub.settings = settings(max_examples=3000, stateful_step_count=50)
