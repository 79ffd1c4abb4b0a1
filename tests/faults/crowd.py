"""People who talk while something is broken, and what must be true of it afterwards."""

import asyncio
import itertools
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from tests.faults import stored
from tests.faults.beside import Beside
from tests.faults.fleet import Fleet
from tests.faults.page import Page
from tests.faults.scale import Scale
from tests.servers.installation import Installation


class Crowd:
    """Pages on an event loop of its own, so that a test can kill servers in plain words.

    Everybody has a page for each room into which they write; every page reads all rooms.
    """

    def __init__(
        self, fleet: Fleet, scale: Scale, rooms: Sequence[str], sessions: Sequence[str]
    ) -> None:
        self.fleet = fleet
        self.scale = scale
        self.rooms = rooms
        self.pages = [
            Page(session, ["me", *rooms], self._pick, scale.haste)
            for session in sessions
            for _ in rooms
        ]
        self._beside = Beside()
        self._written = 0

    # --- what a test does with it --------------------------------------------------------------

    @contextmanager
    def here(self) -> "Iterator[Crowd]":
        """Everybody is connected and subscribed."""
        with self._beside.running():
            for page in self.pages:
                self._beside.run(page.live())
                self._beside.run(page.empty_outbox())
            self.until(self.is_here, "everybody is here")
            yield self

    @contextmanager
    def talking(self) -> Iterator[None]:
        """People write, evenly, as long as this lasts."""
        talking = self._beside.run(self._talk())
        self.until(lambda: all(page.messages for page in self.pages), "everybody talks")
        yield
        talking.cancel()

    def go_on(self, seconds: float) -> None:
        """Let people go on for a while, whether what they write is acknowledged or not."""
        written, wanted = self._written, seconds * self.scale.posts_per_second
        self.until(lambda: self._written >= written + wanted, "people went on")

    @contextmanager
    def cutting(self, every: float) -> Iterator[None]:
        """As long as this lasts connections are cut at random moments, each once in so many
        seconds."""

        async def cut() -> None:
            while True:
                await asyncio.sleep(every / len(self.pages))
                random.choice(self.pages).cut()

        cutting = self._beside.run(cut())
        yield
        cutting.cancel()

    def cut_all(self) -> None:
        """Cut everybody's connection, and see them go."""
        for page in self.pages:
            self._beside.loop.call_soon_threadsafe(page.cut)
        self.until(lambda: all(page.closings for page in self.pages), "everybody was cut")

    def edit(self, room: str) -> None:
        """Everybody who writes in a room changes a message of theirs; nobody waits for it."""
        for page in self.writers(room):
            self._beside.run(page.edit_first(room))

    def until_acknowledged(self, posts: int) -> None:
        """Wait until so many more posts were acknowledged."""
        wanted = self.acknowledged + posts
        self.until(lambda: self.acknowledged >= wanted, f"{posts} posts were acknowledged")

    def until(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait until something is true; `what` says it."""
        deadline = time.monotonic() + self.scale.patience
        while not is_true():
            assert time.monotonic() < deadline, f"not within patience: {what}\n{self.report()}"
            time.sleep(0.02)

    # --- what can be seen of it ----------------------------------------------------------------

    @property
    def acknowledged(self) -> int:
        return sum(len(page.acknowledged) for page in self.pages)

    def acknowledged_in(self, room: str) -> int:
        return sum(len(page.acknowledged) for page in self.writers(room))

    def writers(self, room: str) -> list[Page]:
        return self.pages[self.rooms.index(room) :: len(self.rooms)]

    def is_here(self) -> bool:
        return all(page.is_live.is_set() for page in self.pages)

    def on(self, worker: Installation) -> list[Page]:
        return [page for page in self.pages if page.worker is worker]

    def codes(self) -> Counter[int]:
        """With which codes sockets were closed that were not cut here."""
        closings = [one for page in self.pages for one in page.closings]
        return Counter(one.code for one in closings if not one.was_cut)

    def report(self) -> str:
        refusals = Counter(code for page in self.pages for code in page.refusals)
        cut = sum(one.was_cut for page in self.pages for one in page.closings)
        waiting = sum(len(page.outbox) for page in self.pages)
        here = sum(page.is_live.is_set() for page in self.pages)
        return (
            f"{self._written} written, {self.acknowledged} acknowledged, {waiting} wait; {here} of "
            f"{len(self.pages)} here; {cut} cut, closed {dict(self.codes())}, "
            f"refused {dict(refusals)}"
        )

    # --- what must be true ---------------------------------------------------------------------

    def nothing_was_lost(self) -> None:
        """Wait until all is sent and told; then compare everybody with the database itself."""
        self.until(lambda: not any(page.outbox for page in self.pages), "all posts acknowledged")
        self.until(self.is_here, "everybody is back")
        for room in self.rooms:
            messages = stored.messages(self.fleet.database_url, room)
            last = messages[-1].seq if messages else 0
            self.until(partial(self._has_told, room, last), f"{room} is told")
            seqs = [message.seq for message in messages]
            assert seqs == sorted(set(seqs))
            for page in self.pages:
                assert page.readings[room].drawn == seqs
            copies = Counter(message.client_id for message in messages)
            for page in self.writers(room):
                for client_id in page.acknowledged:
                    assert copies[client_id] == 1, client_id
        faults = [fault for page in self.pages for fault in page.faults]
        assert not faults, "\n".join([*faults[:20], self.report()])
        print(self.report())  # noqa: T201 (figures of a long run)

    def _has_told(self, room: str, last: int) -> bool:
        readings = [page.readings[room] for page in self.pages]
        return all(max(reading.drawn, default=0) >= last for reading in readings)

    # --- within --------------------------------------------------------------------------------

    def _pick(self) -> Installation:
        """Balance as proxies do: the worker with the fewest pages is the next."""
        return min(self.fleet.open_workers, key=lambda worker: len(self.on(worker)))

    async def _talk(self) -> None:
        started = asyncio.get_running_loop().time()
        for number in itertools.count():
            due = started + number / self.scale.posts_per_second
            await asyncio.sleep(due - asyncio.get_running_loop().time())
            room = self.rooms[number % len(self.pages) % len(self.rooms)]
            self.pages[number % len(self.pages)].write(room, f"number {number}")
            self._written += 1
