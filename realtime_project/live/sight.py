"""Sight: which place a person has before their eyes, as their pages say it.

An open socket says nothing of that: the page behind it may be in a tab below, on a laptop that is
closed, or in a network that is gone. A page says what it shows while it is visible, focused and
touched now and then, and says it again every few seconds. Who says nothing is not looking.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

BEAT_SECONDS = 8.0
LEASE_SECONDS = 12.0
LEASE = timedelta(seconds=LEASE_SECONDS)
REMEMBERED_SECONDS = 75.0
"""Longer than the minute for which it matters that somebody was here at all."""
MAX_PLACES = 8
"""Of one person, on one worker: the places that they looked at last."""


class Sight(msgspec.Struct, frozen=True):
    """A page of a person's showed a place, as far as `rev`, and somebody sat before it."""

    place: str
    """The name of a topic; nothing for a page that shows none, such as the settings."""
    rev: int
    at: datetime


class Glance(msgspec.Struct, frozen=True, array_like=True):
    """A sight as a worker keeps it, with a time of its own clock."""

    rev: int
    at: float


Seen = dict[int, dict[str, Glance]]
"""What people look at: by person and place."""


class Report(msgspec.Struct, frozen=True, array_like=True):
    """What the people of one worker look at, and what its clock shows."""

    now: float
    seen: Seen


class Sights:
    """What the people of one worker look at. It is told the time."""

    def __init__(self) -> None:
        self._seen: Seen = {}
        self._swept = 0.0
        self.has_news = False

    def note(self, person: int, place: str, rev: int, now: float) -> None:
        """Take in that somebody has a place before their eyes, as far as a rev."""
        places = self._seen.setdefault(person, {})
        known = places.pop(place, None)
        # The last one to be put in is the last one looked at. A tab that lags behind another one
        # of theirs takes nothing back.
        places[place] = Glance(max(rev, known.rev if known else 0), now)
        if len(places) > MAX_PLACES:
            del places[next(iter(places))]
        self.has_news = True

    def report(self, now: float) -> Report:
        """Return what was seen. It is what is kept here, and goes on changing."""
        # Going through thousands of people takes milliseconds, and nothing else happens meanwhile.
        if now - self._swept > REMEMBERED_SECONDS:
            self._swept = now
            self._forget(now - REMEMBERED_SECONDS)
        self.has_news = False
        return Report(now, self._seen)

    def _forget(self, before: float) -> None:
        for person, places in list(self._seen.items()):
            if max(one.at for one in places.values()) < before:
                del self._seen[person]


def newest(sights: Iterable[Sight], place: str | None = None) -> Sight | None:
    """Return the sight of somebody who looked at a place, or at any, the last."""
    found = (one for one in sights if place in (None, one.place))
    return max(found, key=lambda one: one.at, default=None)
