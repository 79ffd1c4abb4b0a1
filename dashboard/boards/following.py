"""Telling boards live: each is computed once in a process, however many look at it, and not at
all while nobody does.

Before each frame it is asked who may still see the board, so that nothing is told to who lost it
a moment ago, by whichever way: it is not shared any more, or its person left the room.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from dashboard.boards import screens
from dashboard.boards.access import Standing, standing_of
from dashboard.boards.builtin import BUILT_IN
from dashboard.boards.screen import Points, Screen, Told, lanes_row, rows_of, stretches
from dashboard.boards.screens import MAX_SECONDS, SEED_SECONDS
from dashboard.measuring.present import now
from dashboard.storage.points import Point
from dashboard.storage.window import KEPT_SECONDS, Window, window
from realtime_project.live.changes import Change, Row, row
from realtime_project.live.database import AWAY, in_database
from realtime_project.live.feed import Feed
from realtime_project.live.hub import Hub
from realtime_project.live.subscription import Subscription

logger = logging.getLogger(__name__)

RENEW_SECONDS = 5.0
RECENT_SECONDS = 60
"""So far back the window is whole, whatever came; what is older is read from what is stored."""
PATIENCE_SECONDS = 60.0
"""One board that takes longer does not hold up the others for ever."""
SLICE_SECONDS = 10
"""So many seconds of the window are looked through at once."""
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
    """How many lanes those know to whom the last frame went …"""
    blanks_told: dict[str, str] = field(default_factory=dict)
    """… of which panels nothing can be told …"""
    told_to: set[Subscription] = field(default_factory=set)
    """… and who they are: who came since knows none of it."""
    must_reset: bool = False
    late: set[Subscription] = field(default_factory=set)
    """Who was being let in when the others were told to load the board anew."""

    def note(self, by_series: Mapping[int, set[int]]) -> None:
        """Take in of which seconds more is known."""
        screen = screens.kept(self.slug)
        for pk, seconds in by_series.items():
            if screen is None or pk in screen.series or pk > screen.newest_pk:
                self.seconds |= seconds
        if len(self.seconds) > MAX_SECONDS:
            self.must_reset = True
            self.seconds.clear()

    def begin(self, begun: int) -> None:
        """Take in that the window was filled anew, and nobody was told with what: series may
        have other numbers."""
        self.begun, self.must_reset = begun, True
        screens.drop(self.slug)


class Follower:
    """Tells the boards that are open in this process, as the window advances."""

    def __init__(self, hub: Hub, window: Window) -> None:
        self._hub = hub
        self._window = window
        self._watched: dict[str, Watched] = {}
        self._rev, self._begun = window.rev, window.begun
        self._newest_pk = 0
        self._task: asyncio.Task[None] | None = None
        window.on_advance(self.advance)

    def watch(self, key: str) -> None:
        """Tell of a board from now on."""
        if key not in self._watched:
            slug = key.partition(":")[2]
            self._watched[key] = Watched(slug, self._window.rev, self._window.begun)

    def advance(self, rev: int, changed: Changed) -> None:
        """Take in what the window has come to know, and tell it soon."""
        if not self._watched:
            return
        by_series = _by_series(changed)
        if self._begun != self._window.begun:
            self._begun, self._newest_pk = self._window.begun, 0
        self._rev, self._newest_pk = rev, max(self._newest_pk, *by_series, 0)
        for watched in self._watched.values():
            if watched.begun != self._begun:
                watched.begin(self._begun)
            watched.note(by_series)
        if self._task is None or self._task.done():
            self._task = asyncio.ensure_future(self._tell_all())

    async def _tell_all(self) -> None:
        told = -1
        # What comes while one is told waits for nothing else.
        while told != self._rev:
            told = self._rev
            for key, watched in list(self._watched.items()):
                await self._try_to_tell(key, watched, told)

    async def _try_to_tell(self, key: str, watched: Watched, rev: int) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._tell(key, watched, rev)
        except (*AWAY, TimeoutError) as error:
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
            is_told = await self._tell_seconds(feed, watched, seconds, rev)
        except BaseException:
            watched.seconds |= seconds
            raise
        if not is_told:
            watched.seconds |= seconds

    async def _tell_seconds(
        self, feed: Feed, watched: Watched, seconds: set[int], rev: int
    ) -> bool:
        """Tell what is known of some seconds; returns whether it could be told."""
        screen = await self._current(watched)
        told: Told = {}
        if screen is not None and not watched.must_reset:
            told = await self._computed(screen, seconds)
        standing = await self._part_with_strangers(feed, watched.slug, rev)
        # Without waiting for anything: nobody loses a right between this and what is told.
        if screen is None or not _is_same(screen, standing):
            # What was computed is of another board than there is now.
            watched.must_reset = True
            screens.drop(watched.slug)
        elif not watched.blanks_told.keys() <= screen.blanks.keys():
            # A panel can be told again: what it has missed is loaded.
            watched.must_reset = True
        return self._deliver(feed, watched, screen, told, rev)

    async def _current(self, watched: Watched) -> Screen | None:
        """Return the board as it was a few seconds ago, or nothing where it is gone."""
        known = screens.kept(watched.slug)
        if known is not None and self._knows_all(known, watched):
            return known
        renewed = await in_database(screens.read_anew, watched.slug)
        watched.renewed = time.monotonic()
        watched.must_reset |= known not in (None, renewed)
        if renewed is not None:
            end = int(now())
            points = await self._points(renewed, end - SEED_SECONDS, end)
            await asyncio.to_thread(renewed.seed, points, end - SEED_SECONDS, end)
            screens.keep(watched.slug, renewed)
        return renewed

    def _knows_all(self, screen: Screen, watched: Watched) -> bool:
        is_young = time.monotonic() - watched.renewed < RENEW_SECONDS
        return is_young and self._newest_pk <= screen.newest_pk

    async def _part_with_strangers(self, feed: Feed, slug: str, rev: int) -> Standing | None:
        """End the subscriptions of those who may not see the board any more; returns how it
        stands with it, nothing where that does not change."""
        if slug in BUILT_IN:
            return None  # Who is not of the staff any more has no socket left.
        subscriptions = list(feed.subscriptions)
        people = {one.person for one in subscriptions}
        standing = await in_database(standing_of, slug, people)
        for subscription in subscriptions:
            if subscription.person not in standing.readers:
                self._part_with(feed.key, subscription, rev)
        return standing

    def _part_with(self, key: str, subscription: Subscription, rev: int) -> None:
        if subscription.is_live:
            subscription.end(PARTED)
            self._hub.unsubscribe(key, subscription)
        else:
            # It is being admitted by rights that were read before: this frame is not for it.
            end = Row("parted", rev, b"{}", ends=subscription.person, ends_as=PARTED)
            subscription.pending.append(end)

    async def _computed(self, screen: Screen, seconds: Collection[int]) -> Told:
        """Return the values of some seconds. Off the event loop, which has others to serve."""
        recent = now() - RECENT_SECONDS
        old = {second for second in seconds if second < recent}
        told = await in_database(screens.told_of, screen, old) if old else {}
        for start, end in stretches(second for second in seconds if second not in old):
            points = await self._points(screen, start - screen.reach, end)
            told |= await asyncio.to_thread(screen.told, points, range(start, end))
        return told

    async def _points(self, screen: Screen, start: int, end: int) -> Points:
        """Return what the window holds of a board's series, without keeping the loop for long."""
        found: dict[int, dict[int, Point]] = defaultdict(dict)
        for first in range(start, end, SLICE_SECONDS):
            last = min(end, first + SLICE_SECONDS)
            for pk, points in self._window.points(list(screen.series), first, last).items():
                found[pk] |= points
            await asyncio.sleep(0)
        return {screen.series[pk]: points for pk, points in found.items() if points}

    def _deliver(
        self, feed: Feed, watched: Watched, screen: Screen | None, told: Told, rev: int
    ) -> bool:
        if rev <= feed.rev:
            # Somebody was let in by what the database knows and the window does not yet: the
            # stream is there already, and what is told of less passes everybody by.
            return False
        _reset_late(feed, watched)
        after, watched.rev = watched.rev, rev
        if watched.must_reset or screen is None:
            watched.must_reset, watched.lanes_told, watched.blanks_told = False, -1, {}
            watched.late = {one for one in feed.subscriptions if not one.is_live}
            self._hub.deliver(Change(feed.key, after, rev, reset=True))
            return True
        rows = [row(one) for one in rows_of(screen, told, rev)]
        if not _are_lanes_known(feed, watched, screen, rev):
            rows.insert(0, row(lanes_row(screen, rev)))
        self._hub.deliver(Change(feed.key, after, rev, tuple(rows)))
        return True


_followers: WeakKeyDictionary[Hub, Follower] = WeakKeyDictionary()


def follower_of(hub: Hub) -> Follower:
    """Return what tells boards to those who are connected to a hub."""
    if hub not in _followers:
        _followers[hub] = Follower(hub, window)
    return _followers[hub]


def _is_same(screen: Screen, standing: Standing | None) -> bool:
    return standing is None or screen.is_of(standing.version, standing.scope)


def _reset_late(feed: Feed, watched: Watched) -> None:
    """Tell those to load the board anew who were being let in when the others were told so."""
    watched.late &= feed.subscriptions
    for one in [one for one in watched.late if one.is_live]:
        one.reset(max(feed.rev, one.cursor))
        watched.late.discard(one)


def _are_lanes_known(feed: Feed, watched: Watched, screen: Screen, rev: int) -> bool:
    """Whether all who are told of this rev know the lanes, and of which panels they are told
    nothing; afterwards they do."""
    # Those who are live now, and not when they subscribed: a frame in between passes them by. So
    # does this one by who goes on from further than it.
    hearing = {one for one in feed.subscriptions if one.is_live and one.cursor < rev}
    known = (watched.lanes_told, watched.blanks_told)
    watched.lanes_told, watched.blanks_told = screen.size, screen.blanks
    are_known = known == (watched.lanes_told, watched.blanks_told) and hearing <= watched.told_to
    watched.told_to = hearing
    return are_known


def _by_series(changed: Changed) -> dict[int, set[int]]:
    """Sort what has changed, without what is too old to be told live."""
    by_series: dict[int, set[int]] = defaultdict(set)
    oldest = now() - KEPT_SECONDS
    for pk, second in changed:
        if second > oldest:
            by_series[pk].add(second)
    return by_series
