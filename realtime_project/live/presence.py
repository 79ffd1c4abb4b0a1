"""Presence: who is here, as the workers tell it to each other.

Every worker holds a lease on the people connected to it and renews it every second. A worker that
falls silent is forgotten, and its people with it; nobody owns the truth, and nothing is stored.
"""

from collections import defaultdict

import msgspec

LEASE_SECONDS = 15.0
GRACE_SECONDS = 15.0


class Being(msgspec.Struct, frozen=True, array_like=True):
    """How somebody is here."""

    away: bool
    """Whether they have not touched any of their pages for a while."""
    follows: frozenset[str]
    """The streams they follow: who follows one of these too may know of them."""


Told = dict[int, Being | None]
"""People by number, and how they are here; None for who has gone."""


class Attendance:
    """The people of one worker. Who goes is missed after 15 s only, so that nobody flickers who
    loads a page anew or moves to another worker."""

    def __init__(self) -> None:
        self._here: dict[int, Being] = {}
        self._leaving: dict[int, float] = {}
        self._moved: set[int] = set()

    def note(self, person: int, being: Being | None, now: float) -> None:
        """Take in how somebody is here now, or that they are not."""
        if being is None:
            if person in self._here:
                self._leaving.setdefault(person, now + GRACE_SECONDS)
            return
        self._leaving.pop(person, None)
        if self._here.get(person) != being:
            self._here[person] = being
            self._moved.add(person)

    def settle(self, now: float) -> Told:
        """Return what has changed since the last time."""
        for person in [one for one, until in self._leaving.items() if until <= now]:
            del self._leaving[person]
            del self._here[person]
            self._moved.add(person)
        told = {person: self._here.get(person) for person in self._moved}
        self._moved.clear()
        return told

    def whole(self) -> Told:
        """Return everybody who is here."""
        return dict(self._here)


class Presence:
    """Everybody who is here on any worker."""

    def __init__(self) -> None:
        self._leases: dict[str, dict[int, Being]] = {}
        self._heard: dict[str, float] = {}
        self._here: dict[int, Being] = {}
        self._by_stream: dict[str, set[int]] = defaultdict(set)
        # How people were before they changed; who was told already is not in it.
        self._before: dict[int, Being | None] = {}

    @property
    def workers(self) -> set[str]:
        """The names of the workers that hold a lease."""
        return set(self._leases)

    def take(self, worker: str, people: Told, *, whole: bool, now: float) -> None:
        """Take in what a worker tells of its people: what changed, or (`whole`) all of it."""
        lease = self._leases.setdefault(worker, {})
        self._heard[worker] = now
        if whole:
            people = dict.fromkeys(lease.keys() - people.keys()) | people
        for person, being in people.items():
            if being is None:
                lease.pop(person, None)
            else:
                lease[person] = being
            self._merge(person)

    def expire(self, now: float) -> None:
        """Forget the workers that have been silent for too long."""
        for worker in [one for one, at in self._heard.items() if now - at > LEASE_SECONDS]:
            del self._heard[worker]
            for person in self._leases.pop(worker):
                self._merge(person)

    def freeze(self, now: float) -> None:
        """Forget nobody for being silent until now: it was not their fault."""
        self._heard = dict.fromkeys(self._heard, now)

    def being(self, person: int) -> Being | None:
        """Return how somebody is here; None if they are not."""
        return self._here.get(person)

    def in_stream(self, key: str) -> set[int]:
        """Return who is here of those who follow a stream."""
        return self._by_stream.get(key, set())

    def active_in(self, key: str) -> frozenset[int]:
        """Return who is here and not away of those who follow a stream."""
        return frozenset(one for one in self.in_stream(key) if not self._here[one].away)

    def changed(self) -> dict[int, Being | None]:
        """Return who has changed since the last time, and how they were before."""
        before, self._before = self._before, {}
        return {
            person: being for person, being in before.items() if being != self._here.get(person)
        }

    def _merge(self, person: int) -> None:
        beings = [lease[person] for lease in self._leases.values() if person in lease]
        before, after = self._here.get(person), merged(beings)
        if before == after:
            return
        self._before.setdefault(person, before)
        for key in before.follows if before else ():
            self._by_stream[key].discard(person)
            if not self._by_stream[key]:
                del self._by_stream[key]
        if after is None:
            del self._here[person]
            return
        self._here[person] = after
        for key in after.follows:
            self._by_stream[key].add(person)


def merged(beings: list[Being]) -> Being | None:
    """Return how somebody is here who is here in several places: away only if away from all."""
    if not beings:
        return None
    return Being(
        away=all(one.away for one in beings),
        follows=frozenset().union(*(one.follows for one in beings)),
    )
