"""Whatever befalls two workers, their broker and their database, every page ends up with the truth.

Hypothesis plays people, who write, are removed, sign out and lose their accounts; sockets, which
break and come back to the other worker; the layer, which loses, doubles, delays and reorders, is
stopped or killed; processes that die; and a database that is slow, fails, or is restored from a
backup. Time passes when it says so.
"""

import os
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from realtime_project.live.backplane import ChangeNews, _encode
from realtime_project.live.changes import Change
from tests.live.ether import Weather
from tests.live.fleet import Fleet, Process
from tests.live.installation import Installation
from tests.live.visitor import Visitor

ALICE, BOB, MALLORY = 1, 2, 3
PEOPLE = [ALICE, BOB, MALLORY]
# After so long every check has run, every gap is filled and every silent layer joined anew.
LONG_SECONDS = 30

some = st.integers(0, 9)
one_of_two = st.integers(0, 1)
one_of_four = st.integers(0, 3)
people = st.sampled_from(PEOPLE)
# How a change is announced: by one of the workers, by a command outside of them, not at all.
ways = st.sampled_from(["first", "second", "first", "second", "outside", "nobody", "later"])


class World(RuleBasedStateMachine):
    """A room with Alice, who has two tabs, Bob, and Mallory, who came later and does not see
    what was before."""

    def __init__(self) -> None:
        super().__init__()
        self.there = Installation(PEOPLE)
        for person in (ALICE, BOB):
            self.there.join(person, sees_history=True)
        self.there.write([], 3)
        self.there.join(MALLORY, sees_history=False)
        self.fleet = Fleet(self.there)
        self.faults: list[Mapping[str, Any]] = []
        self.fleet.loop.set_exception_handler(lambda _, context: self.faults.append(context))
        self.unannounced: list[tuple[Process, Change]] = []
        self.backup: Mapping[str, Any] | None = None
        self.visitors = [Visitor(self.fleet, person) for person in (ALICE, *PEOPLE)]

    @initialize(are_here=st.booleans())
    def begin(self, are_here: bool) -> None:
        """Either all pages are open already, or nobody has asked for the room so far."""
        if are_here:
            for number, visitor in enumerate(self.visitors):
                visitor.connect(self.fleet.processes[number % 2])
            self.fleet.play(1)

    def teardown(self) -> None:
        try:
            self.settle()
        finally:
            self.fleet.end()

    # --- people ---------------------------------------------------------------------------

    @rule(edits=st.lists(some, max_size=2), posts=st.integers(0, 4), way=ways)
    def write(self, edits: list[int], posts: int, way: str) -> None:
        self.tell(self.there.write(self.choose_messages(edits), posts), way)

    @rule(posts=st.integers(2, 4), way=ways)
    def write_much_at_once(self, posts: int, way: str) -> None:
        self.tell(self.there.gather(posts), way)

    @rule(way=ways)
    def import_more_than_can_be_replayed(self, way: str) -> None:
        self.tell(self.there.write([], Installation.MAX_REPLAY_ROWS + 1), way)

    @precondition(lambda self: self.there.messages())
    @rule(which=some, way=ways)
    def delete(self, which: int, way: str) -> None:
        self.tell(self.there.delete(*self.choose_messages([which])), way)

    @rule(which=st.lists(some, max_size=2), way=ways)
    def purge(self, which: list[int], way: str) -> None:
        self.tell(self.there.purge(self.choose_messages(which)), way)

    @rule(person=people, way=ways, also=ways)
    def come_or_go(self, person: int, way: str, also: str) -> None:
        if self.there.is_member(person):
            self.tell(self.there.remove(person), way)
            self.tell(self.there.revoke_room(person), also)
        else:
            self.tell(self.there.join(person, sees_history=person != MALLORY), way)

    @rule(person=people, way=ways)
    def leave_and_come_back(self, person: int, way: str) -> None:
        for _ in range(2):
            self.come_or_go(person, way, way)

    @rule(way=ways)
    def speak_in_lobby(self, way: str) -> None:
        self.tell(self.there.speak_in_lobby(), way)

    # --- sessions -------------------------------------------------------------------------

    @rule(which=one_of_four, way=ways)
    def sign_out(self, which: int, way: str) -> None:
        session = self.visitors[which].session
        if session in self.there.sessions:
            self.tell(self.there.sign_out(session), way)

    @rule(person=people, way=ways)
    def change_password(self, person: int, way: str) -> None:
        self.tell(self.there.change_password(person), way)

    @rule(person=people, way=ways)
    def deactivate_or_not(self, person: int, way: str) -> None:
        if person in self.there.inactive:
            self.there.inactive.remove(person)
        else:
            self.tell(self.there.deactivate(person), way)

    # --- sockets --------------------------------------------------------------------------

    @rule(which=one_of_four, worker=one_of_two)
    def connect(self, which: int, worker: int) -> None:
        visitor = self.visitors[which]
        if visitor.session not in self.there.sessions:
            visitor.session = self.there.sign_in(visitor.person)
        visitor.connect(self.fleet.processes[worker])

    @rule(which=one_of_four)
    def lose_socket(self, which: int) -> None:
        self.visitors[which].lose()

    @rule(which=one_of_four)
    def subscribe_again(self, which: int) -> None:
        self.visitors[which].subscribe()

    @rule(which=one_of_four)
    def congest_or_drain(self, which: int) -> None:
        wire = self.visitors[which].wire
        if wire.is_congested:
            self.visitors[which].drain()
        else:
            wire.is_congested = True

    @rule(which=one_of_four, frames=st.integers(1, 4))
    def read(self, which: int, frames: int) -> None:
        self.visitors[which].read(frames)

    # --- the layer ------------------------------------------------------------------------

    @rule(worker=one_of_two, weather=st.sampled_from(Weather))
    def meet_weather(self, worker: int, weather: Weather) -> None:
        self.fleet.processes[worker].layer.meet(weather)
        self.fleet.play()

    @rule(worker=one_of_two)
    def lose_subscription(self, worker: int) -> None:
        self.fleet.processes[worker].layer.has_joined = False

    @precondition(lambda self: self.unannounced)
    @rule(which=some)
    def announce(self, which: int) -> None:
        process, change = self.unannounced.pop(which % len(self.unannounced))
        if process in self.fleet.processes:
            self.announce_by(process, change)

    @precondition(lambda self: self.fleet.ether.under_way)
    @rule(which=st.lists(some, min_size=1, max_size=4), again=st.booleans())
    def let_arrive(self, which: list[int], again: bool) -> None:
        under_way = self.fleet.ether.under_way
        for one in which:
            if under_way:
                end, packed = under_way[one % len(under_way)]
                end.take(packed)
                if not again:
                    del under_way[one % len(under_way)]
        self.fleet.play()

    @precondition(lambda self: self.fleet.ether.under_way)
    @rule()
    def lose_all_that_is_under_way(self) -> None:
        self.fleet.ether.under_way.clear()

    # --- processes, the database, time ----------------------------------------------------

    @rule(worker=one_of_two)
    def die_and_start(self, worker: int) -> None:
        self.replace(worker)

    @rule()
    def back_up(self) -> None:
        self.backup = self.there.back_up()

    @precondition(lambda self: self.backup)
    @rule(are_stopped=st.booleans())
    def restore(self, are_stopped: bool) -> None:
        """As it should be done, with all workers stopped, or beneath them."""
        self.unannounced.clear()
        if are_stopped:
            for worker in range(2):
                self.replace(worker)
        assert self.backup is not None
        self.there.restore(self.backup)

    @rule()
    def be_slow_or_not(self) -> None:
        self.fleet.database.is_slow = not self.fleet.database.is_slow

    @rule(queries=st.integers(1, 3))
    def fail(self, queries: int) -> None:
        self.fleet.database.faults = queries

    @precondition(lambda self: self.fleet.database.queries)
    @rule(which=st.lists(some, min_size=1, max_size=6))
    def let_queries_go_on(self, which: list[int]) -> None:
        for one in which:
            if self.fleet.database.queries:
                self.fleet.database.let_go_on(one)
                self.fleet.play()

    @rule(seconds=st.sampled_from([0.1, 0.25, 0.6, 1, 3, 6, 12]))
    def let_time_pass(self, seconds: float) -> None:
        self.fleet.play(seconds)

    # --- what must hold -------------------------------------------------------------------

    @invariant()
    def nothing_fails(self) -> None:
        assert self.faults == []
        for visitor in self.visitors:
            assert visitor.faults == []

    def settle(self) -> None:
        """Let everything be well for a while, and compare each page with the truth."""
        self.be_well()
        self.compare()
        for number, visitor in enumerate(self.visitors):
            if not visitor.is_here:
                self.connect(number, number % 2)
        self.be_well()
        self.compare()
        for visitor in self.visitors:
            may_be_here = visitor.person not in self.there.inactive
            is_member = self.there.is_member(visitor.person)
            assert visitor.is_connected == may_be_here
            assert visitor.is_here == (may_be_here and is_member)

    def be_well(self) -> None:
        self.fleet.database.is_slow, self.fleet.database.faults = False, 0
        for process in self.fleet.processes:
            process.layer.meet(Weather.CALM)
        while self.fleet.database.queries:
            self.fleet.database.let_go_on(0)
        for visitor in self.visitors:
            if visitor.wire.is_congested:
                visitor.drain()
        self.fleet.play(LONG_SECONDS)
        for visitor in self.visitors:
            visitor.read(10_000)

    def compare(self) -> None:
        self.nothing_fails()
        for visitor in self.visitors:
            if visitor.is_connected:
                assert self.there.may_connect(visitor.session), "somebody revoked is connected"
            if visitor.is_here:
                assert self.there.is_member(visitor.person), f"{visitor.person} is still here"
                assert visitor.page.rows == self.there.visible_to(visitor.person)
                assert visitor.page.cursor == self.there.rev
                assert visitor.page.lobby == self.there.lobby

    # --- within ---------------------------------------------------------------------------

    def tell(self, change: Change, way: str) -> None:
        """Announce a change, as the transaction's process does once it is committed."""
        first, second = self.fleet.processes
        if way == "outside":
            self.announce_from_outside(change)
        elif way == "later":
            self.unannounced.append((first, change))
        elif way != "nobody":
            self.announce_by(first if way == "first" else second, change)

    def announce_by(self, process: Process, change: Change) -> None:
        if process.has_started:
            self.fleet.call(process, lambda: process.hub.announce(change))
        else:
            self.announce_from_outside(change)

    def announce_from_outside(self, change: Change) -> None:
        news = {"from": "outside", "news": [(change.key, _encode(ChangeNews(change)))]}
        self.fleet.ether.spread(news, Weather.CALM)
        self.fleet.play()

    def replace(self, worker: int) -> None:
        gone = self.fleet.processes[worker]
        for visitor in self.visitors:
            if visitor.process is gone:
                visitor.wire.abandon()
                visitor.connection, visitor.is_subscribed = None, False
        self.fleet.replace(worker)

    def choose_messages(self, which: list[int]) -> list[int]:
        numbers = self.there.messages()
        return list({numbers[one % len(numbers)] for one in which}) if numbers else []


TestFleet = World.TestCase
# To find the shortest story that goes wrong takes a while.
pytestmark = pytest.mark.timeout(600)
TestFleet.settings = settings(
    max_examples=int(os.environ.get("SIGNALBOX_EXAMPLES", "200")), stateful_step_count=50
)
