"""The topic `people`: who is here of those one shares a stream with."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING

from realtime_project.live.backplane import PEOPLE, Backplane, PeopleNews
from realtime_project.live.changes import encode
from realtime_project.live.command import command
from realtime_project.live.presence import Attendance, Being, Presence, Told, merged
from realtime_project.live.protocol import Args, Cursor, TopicName
from realtime_project.live.sight import Sights
from realtime_project.live.topics import Access, Params, SnapshotTopic

if TYPE_CHECKING:
    from realtime_project.live.hub import Hub

TICK_SECONDS = 1.0
WHOLE_EVERY = 10
"""How often the workers tell each other all of it, in ticks: so long can a lost hint matter."""
MAX_KNOWN = 100


class People:
    """What this process knows of presence, and what it tells of it: to the other workers its
    own people, to its own people those whom they may know of."""

    def __init__(self, hub: "Hub", worker: str, backplane: Backplane | None) -> None:
        self.presence = Presence()
        self.sights = Sights()
        self._hub = hub
        self._worker = worker
        self._backplane = backplane
        self._attendance = Attendance()
        self._ticks = 0
        # What was told whole since the last tick: who comes with thousands into the same rooms
        # is told the same as they. What is heard in between, the next tick tells everybody.
        self._known: dict[frozenset[str], bytes] = {}

    async def keep(self) -> None:
        """Go on for ever."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.tick(time.monotonic())

    def hear(self, news: PeopleNews) -> None:
        """Take in what another worker tells. One that was not known gets to know everybody."""
        if news.worker not in self.presence.workers:
            self._ticks = -1
        self.presence.take(news.worker, news.people, whole=news.whole, now=time.monotonic())

    def tick(self, now: float) -> None:
        """Notice who came, went or moved, and tell it."""
        for person in self._hub.connections.take_touched():
            self._attendance.note(person, self._being(person), now)
        self._renew(now)
        if self._backplane is not None and self._backplane.is_degraded:
            self.presence.freeze(now)
        else:
            self.presence.expire(now)
        self._tell(self.presence.changed())

    def known_to(self, viewer: int) -> bytes:
        """Return everybody whom somebody connected here may know of, as JSON."""
        streams = _streams(self._being(viewer))
        if streams not in self._known:
            if len(self._known) >= MAX_KNOWN:
                self._known.clear()
            self._known[streams] = self._all_in(streams)
        return self._known[streams]

    def _all_in(self, streams: frozenset[str]) -> bytes:
        known = {one for key in streams for one in self.presence.in_stream(key)}
        return encode({str(one): _status(self.presence.being(one)) for one in sorted(known)})

    def _being(self, person: int) -> Being | None:
        """How somebody is here on this worker. Whose streams are not known yet, because the page
        has not asked for them, is not here yet."""
        connections = self._hub.connections.of_person(person)
        being = merged([Being(one.is_away, one.follows) for one in connections])
        return being if being is not None and being.follows else None

    def _renew(self, now: float) -> None:
        """Renew this worker's lease, here and with the others."""
        changes = self._attendance.settle(now)
        self.presence.take(self._worker, changes, whole=False, now=now)
        if self._backplane is None:
            return
        self._ticks += 1
        whole = self._ticks % WHOLE_EVERY == 0
        people = self._attendance.whole() if whole else changes
        self._backplane.send(PEOPLE, PeopleNews(self._worker, people, whole))

    def _tell(self, changed: Told) -> None:
        """Tell each person here what changed of those whom they may know of.

        Thousands may come into the same rooms within a second, and each is told of all the others.
        So people who are in the same streams are one group, and who is told of the same groups
        gets the same frame: nothing is done for each pair of people.
        """
        if not changed:
            return
        self._known.clear()
        parts: list[News] = []
        told: dict[int, list[int]] = defaultdict(list)
        moved: list[int] = []
        viewers = cache(self._viewers)
        for (before, after), people in self._grouped(changed).items():
            seen_by = _union(viewers(key) for key in after)
            for viewer in _union(viewers(key) for key in before) - seen_by:
                told[viewer].append(len(parts))
            for viewer in seen_by:
                told[viewer].append(len(parts) + 1)
            parts += [dict.fromkeys(people), people]
            moved += map(int, people) if before != after else ()
        for person in moved:
            # Whoever follows something new may know of others from now on.
            told.pop(person, None)
            self._hub.show_whole(people_key(person))
        frame = cache(partial(_frame, parts))
        for viewer, numbers in told.items():
            self._hub.show(people_key(viewer), frame(*numbers))

    def _grouped(self, changed: Told) -> "dict[Streams, News]":
        """Put together who is in the same streams now, and was in the same before."""
        groups: dict[Streams, News] = defaultdict(dict)
        for person, before in changed.items():
            after = self.presence.being(person)
            groups[_streams(before), _streams(after)][str(person)] = _status(after)
        return groups

    def _viewers(self, key: str) -> frozenset[int]:
        return frozenset(one.person for one in self._hub.heads.followers(key))


Streams = tuple[frozenset[str], frozenset[str]]
"""Those that somebody was in before, and those that they are in now."""
News = dict[str, str | None]
"""How people are here, by their number; None for who has gone."""


def _frame(parts: Sequence[News], *numbers: int) -> bytes:
    return encode(
        {person: status for number in numbers for person, status in parts[number].items()}
    )


def _union(sets: Iterable[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*sets)


class SetPresence(Args, frozen=True):
    """What a page says of its person: that nobody has touched it for a while, or again."""

    away: bool


class Look(Args, frozen=True):
    """What a page says while it is visible, focused and touched now and then: which topic it
    shows, if any, and how far."""

    place: TopicName = ""
    rev: Cursor = 0


class PeopleTopic(SnapshotTopic):
    """Who is here of those with whom one shares a room: `{"42": "online", "7": "away"}`. Who is
    not in it is not here; a difference says so by null."""

    max_per_socket = 1

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        return people_key(person)

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        return dict.fromkeys(keys, Access(rev=0))

    @classmethod
    def whole(cls, hub: "Hub", person: int) -> bytes:
        return hub.people.known_to(person)

    @command("presence.set")
    async def set_presence(self, args: SetPresence) -> None:
        self.connection.set_away(args.away)

    @command("presence.look")
    async def look(self, args: Look) -> None:
        sights = self.connection.hub.people.sights
        sights.note(self.person, args.place, args.rev, time.monotonic())


def people_key(viewer: int) -> str:
    """Return the hub's key of what one person sees of the others."""
    return f"{PEOPLE}:{viewer}"


def _streams(being: Being | None) -> frozenset[str]:
    return being.follows if being is not None else frozenset()


def _status(being: Being | None) -> str | None:
    if being is None:
        return None
    return "away" if being.away else "online"
