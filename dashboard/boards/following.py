"""Telling boards live: each is computed once in a process, however many look at it, and not at
all while nobody does.

Before each frame it is asked who may still see the board, so that nothing is told to who lost it
a moment ago, by whichever way: it is not shared any more, or its person left the room.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from dashboard.boards import screens
from dashboard.boards.access import Standing, standing_of
from dashboard.boards.builtin import BUILT_IN
from dashboard.boards.screen import Points, Screen, Told, lanes_row, rows_of, stretches
from dashboard.boards.screens import MAX_SECONDS, SEED_SECONDS
from dashboard.storage.window import KEPT_SECONDS, Window, window
from realtime_project.live.changes import Change, Row, row
from realtime_project.live.database import AWAY, in_database
from realtime_project.live.hub import Hub
from realtime_project.live.subscription import Subscription

logger = logging.getLogger(__name__)

RENEW_SECONDS = 5.0
RECENT_SECONDS = 60
"""So far back the window is whole, whatever came; what is older is read from what is stored."""
PARTED = "removed"
Changed = set[tuple[int, int]]


@dataclass
class Watched:
    """A board that somebody looks at here, and what is still to be told of it."""

    slug: str
    rev: int
    """Up to which rev it has been told."""
    begun: int
    """Of which beginning of the window that is."""
    renewed: float = 0.0
    seconds: set[int] = field(default_factory=set)
    lanes_told: int = -1
    """How many lanes those know who were here at the last frame; somebody new knows none."""
    must_reset: bool = False

    def note(self, by_series: Mapping[int, set[int]]) -> None:
        """Take in of which seconds more is known."""
        screen = screens.screen_of(self.slug)
        for pk, seconds in by_series.items():
            if screen is None or pk in screen.series or pk > screen.newest_pk:
                self.seconds |= seconds
        if len(self.seconds) > MAX_SECONDS:
            self.must_reset = True
            self.seconds.clear()


class Follower:
    """Tells the boards that are open in this process, as the window advances."""

    def __init__(self, hub: Hub, window: Window) -> None:
        self._hub = hub
        self._window = window
        self._watched: dict[str, Watched] = {}
        self._newest_pk = 0
        self._task: asyncio.Task[None] | None = None
        window.on_advance(self.advance)

    def watch(self, key: str) -> None:
        """Tell of a board from now on. Who has just come does not know its lanes."""
        if key in self._watched:
            self._watched[key].lanes_told = -1
        else:
            slug = key.partition(":")[2]
            self._watched[key] = Watched(slug, self._window.rev, self._window.begun)

    def advance(self, rev: int, changed: Changed) -> None:
        """Take in what the window has come to know, and tell it soon."""
        if not self._watched:
            return
        by_series = _by_series(changed)
        self._newest_pk = max(self._newest_pk, *by_series, 0)
        for watched in self._watched.values():
            watched.note(by_series)
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._tell_all(rev))

    async def _tell_all(self, rev: int) -> None:
        for key, watched in list(self._watched.items()):
            try:
                await self._tell(key, watched, rev)
            except AWAY as error:
                logger.warning("Board %s is told later: %r", watched.slug, error)
            except Exception:
                logger.exception("Telling board %s failed", watched.slug)
                watched.must_reset = True

    async def _tell(self, key: str, watched: Watched, rev: int) -> None:
        feed = self._hub.held(key)
        if feed is None or not feed.subscriptions:
            # Nobody looks any more, and nothing is computed for nobody.
            del self._watched[key]
            screens.drop(watched.slug)
            return
        seconds, watched.seconds = watched.seconds, set()
        try:
            await self._tell_seconds(key, watched, seconds, rev)
        except BaseException:
            watched.seconds |= seconds
            raise

    async def _tell_seconds(self, key: str, watched: Watched, seconds: set[int], rev: int) -> None:
        standing = await self._part_with_strangers(key, watched, rev)
        screen = screens.screen_of(watched.slug)
        recent = time.time() - RECENT_SECONDS
        old = {second for second in seconds if second < recent}
        told: Told = {}
        if screen is None or old or not self._is_current(screen, watched, standing):
            screen = await self._renewed(watched)
            told = await in_database(screens.told_of, screen, old) if screen and old else {}
            standing = await self._part_with_strangers(key, watched, rev)
            if screen is None or not _is_same(screen, standing):
                # It is gone, or has changed while it was read: the next frame knows.
                watched.must_reset = True
                return
        # Without waiting for anything: nobody loses a right between this and what is told.
        told |= self._computed(screen, seconds - old)
        self._deliver(key, watched, screen, told, rev)

    async def _renewed(self, watched: Watched) -> Screen | None:
        """Return the board as it is by now, or nothing where it is gone."""
        known = screens.screen_of(watched.slug)
        renewed, is_same = await in_database(screens.renew, watched.slug)
        watched.renewed = time.monotonic()
        watched.must_reset |= known is not None and not is_same
        if renewed is not None:
            start, end = int(time.time()) - SEED_SECONDS, int(time.time())
            renewed.seed(self._points(renewed, start, end), start, end)
        return renewed

    def _is_current(self, screen: Screen, watched: Watched, standing: Standing | None) -> bool:
        is_young = time.monotonic() - watched.renewed < RENEW_SECONDS
        knows_all = self._newest_pk <= screen.newest_pk
        return is_young and knows_all and _is_same(screen, standing)

    async def _part_with_strangers(self, key: str, watched: Watched, rev: int) -> Standing | None:
        """End the subscriptions of those who may not see the board any more; returns how it
        stands with it, nothing where that does not change."""
        if watched.slug in BUILT_IN:
            return None  # Who is not of the staff any more has no socket left.
        feed = self._hub.held(key)
        subscriptions = list(feed.subscriptions) if feed else []
        people = {one.person for one in subscriptions}
        standing = await in_database(standing_of, watched.slug, people)
        for subscription in subscriptions:
            if subscription.person not in standing.readers:
                self._part_with(key, subscription, rev)
        return standing

    def _part_with(self, key: str, subscription: Subscription, rev: int) -> None:
        if subscription.is_live:
            subscription.end(PARTED)
            self._hub.unsubscribe(key, subscription)
        else:
            # It is being admitted by rights that were read before: this frame is not for it.
            end = Row("parted", rev, b"{}", ends=subscription.person, ends_as=PARTED)
            subscription.pending.append(end)

    def _computed(self, screen: Screen, seconds: set[int]) -> Told:
        told: Told = {}
        for start, end in stretches(seconds):
            points = self._points(screen, start - screen.reach, end)
            told |= screen.told(points, range(start, end))
        return told

    def _points(self, screen: Screen, start: int, end: int) -> Points:
        found = self._window.points(list(screen.series), start, end)
        return {screen.series[pk]: points for pk, points in found.items() if points}

    def _deliver(self, key: str, watched: Watched, screen: Screen, told: Told, rev: int) -> None:
        after, watched.rev = watched.rev, max(rev, watched.rev)
        if watched.begun != self._window.begun:
            # It was filled anew, and nobody was told with what.
            watched.begun, watched.must_reset = self._window.begun, True
        if watched.must_reset:
            watched.must_reset, watched.lanes_told = False, -1
            self._hub.deliver(Change(key, after, watched.rev, reset=True))
            return
        rows = [row(one) for one in rows_of(told, watched.rev)]
        if watched.lanes_told != screen.size:
            watched.lanes_told = screen.size
            rows.insert(0, row(lanes_row(screen, watched.rev)))
        self._hub.deliver(Change(key, after, watched.rev, tuple(rows)))


_followers: WeakKeyDictionary[Hub, Follower] = WeakKeyDictionary()


def follower_of(hub: Hub) -> Follower:
    """Return what tells boards to those who are connected to a hub."""
    if hub not in _followers:
        _followers[hub] = Follower(hub, window)
    return _followers[hub]


def _is_same(screen: Screen, standing: Standing | None) -> bool:
    """Whether a board is as it was read, and its owner may see what it shows."""
    return standing is None or (
        standing.version == screen.shown.version and standing.scope in (None, screen.shown.scope)
    )


def _by_series(changed: Changed) -> dict[int, set[int]]:
    """Sort what has changed, without what is too old to be told live."""
    by_series: dict[int, set[int]] = defaultdict(set)
    oldest = time.time() - KEPT_SECONDS
    for pk, second in changed:
        if second > oldest:
            by_series[pk].add(second)
    return by_series
