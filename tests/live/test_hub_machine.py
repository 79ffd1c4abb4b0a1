"""Whatever happens to announcements, queries and sockets, every page ends up with the truth.

Hypothesis plays one room: what is written, how its announcements travel, when each query of the
hub reads and when its answer arrives, and what becomes of the sockets.
"""

import asyncio
import os
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from realtime_project.live import changes, feed, ring, routes, subscribing, topics
from realtime_project.live.changes import Change
from realtime_project.live.hub import Hub
from tests.live.ledger import Ledger, LedgerTopic
from tests.live.rows import ROOM
from tests.live.tab import Tab

ALICE, BOB, MALLORY = 1, 2, 3
# So small that a short story meets all of the bounds.
SMALL: list[tuple[Any, str, Any]] = [
    (feed, "GAP_SECONDS", 0),
    (feed, "RETRY_SECONDS", 0),
    (ring, "MAX_ROWS", 4),
    (changes, "MAX_FRAME_BYTES", 200),
]
some = st.integers(0, 9)


class World(RuleBasedStateMachine):
    """A room with Alice, Bob, and Mallory, who came later and does not see what was before."""

    ledger: Ledger
    hub: Hub
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()
        topic = type("RoomTopic", (LedgerTopic,), {"ledger": self.ledger})
        self.patches = ExitStack()
        for module, name, value in [
            *SMALL,
            (routes, "routes", lambda: [routes.topic("room:<int:room>", topic)]),
            (subscribing, "in_database", self.query),
            (topics, "in_database", self.query),
        ]:
            self.patches.enter_context(patch.object(module, name, value))
        self.loop = asyncio.SelectorEventLoop()
        self.faults: list[Any] = []
        self.loop.set_exception_handler(lambda _, context: self.faults.append(context))
        self.queries: list[asyncio.Future[None]] = []
        self.announced: list[Change] = []
        self.unannounced: list[Change] = []
        self.has_lost = False
        self.hub = Hub()
        self.run(self.hub.start)
        for person in (ALICE, BOB):
            self.ledger.join(person, sees_history=True)
        self.ledger.write([], 3)
        self.ledger.join(MALLORY, sees_history=False)
        self.tabs = [Tab(self, person) for person in (ALICE, ALICE, BOB, MALLORY)]

    @initialize(are_here=st.booleans())
    def begin(self, are_here: bool) -> None:
        """Either all pages are open already, or nobody has asked for the room so far."""
        if are_here:
            for tab in self.tabs:
                self.run(tab.subscribe)
            self.settle()

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            for task in asyncio.all_tasks(self.loop):
                task.cancel()
            self.run(lambda: None)
            self.loop.close()
            self.patches.close()

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
        self.has_lost = True

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
    @rule(which=st.lists(some, min_size=1, max_size=6))
    def let_queries_go_on(self, which: list[int]) -> None:
        for one in which:
            if self.queries:
                self.let_query_go_on(one)

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
    def reconnect(self, which: int) -> None:
        self.run(self.tabs[which].reconnect)

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
        for tab in self.tabs:
            assert tab.faults == []

    def settle(self) -> None:
        """Let everything arrive, and compare each page with the truth."""
        while self.unannounced:
            self.announce(0)
        if self.has_lost:
            self.check_what_was_lost()
        self.answer_queries()
        for tab in self.tabs:
            if tab.wire.is_congested:
                self.run(tab.wire.drain)
        self.answer_queries()
        for tab in self.tabs:
            tab.read(10_000)
            if tab.is_subscribed:
                self.compare(tab)
        self.nothing_fails()

    def compare(self, tab: Tab) -> None:
        assert self.ledger.is_member(tab.person), f"{tab.person} is still here"
        truth = self.ledger.visible_to(tab.person)
        assert {name: tab.page.rows.get(name) for name in truth} == truth
        assert tab.page.rows.keys() <= self.ledger.rows.keys()
        assert tab.page.cursor == self.ledger.rev

    # --- within ---------------------------------------------------------------------------

    def choose_messages(self, which: list[int]) -> list[int]:
        numbers = self.ledger.messages()
        return list({numbers[one % len(numbers)] for one in which}) if numbers else []

    def answer_queries(self) -> None:
        for _ in range(1000):
            if not self.queries:
                return
            self.let_query_go_on(0)
        raise AssertionError("the hub asks the database for ever")

    def run(self, act: Callable[..., Any], *args: Any) -> None:
        """Do something on the loop, and wait until nothing more comes of it."""

        async def act_and_wait() -> None:
            act(*args)
            for _ in range(20):
                await asyncio.sleep(0)

        self.loop.run_until_complete(act_and_wait())


TestHub = World.TestCase
TestHub.settings = settings(
    max_examples=int(os.environ.get("SIGNALBOX_EXAMPLES", "200")), stateful_step_count=30
)
