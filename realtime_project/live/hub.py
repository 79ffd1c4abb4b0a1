"""The hub: one per process. It knows what this process holds, and delivers what happens to it.

Everything here runs on the event loop; `announce` alone may be called from any thread.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import msgspec

from realtime_project.live import metrics
from realtime_project.live.backplane import (
    PEOPLE,
    Backplane,
    ChangeNews,
    EventNews,
    News,
    PeopleNews,
    send_from_outside,
)
from realtime_project.live.changes import Change, Row, event_frame
from realtime_project.live.codes import CloseCode
from realtime_project.live.connections import Connections
from realtime_project.live.feed import Feed, Load
from realtime_project.live.heads import Heads
from realtime_project.live.recent import RecentRevocations
from realtime_project.live.snapshot import SnapshotFeed
from realtime_project.live.subscription import Subscription

if TYPE_CHECKING:
    from realtime_project.live.people import People

logger = logging.getLogger(__name__)

MAX_RING_BYTES = 64 * 1024 * 1024
IDLE_FEED_SECONDS = 60.0
SWEEP_SECONDS = 10.0


class Hub:
    """Feeds by key, and who is connected."""

    people: "People"
    """Who is here; a worker sets it when it starts."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._backplane: Backplane | None = None
        self.revoked = RecentRevocations()
        self._reset()

    def start(self, backplane: Backplane | None = None) -> None:
        """Take up work on the running event loop, with nothing held yet. What happens here is
        told to other workers through the backplane, if there is one."""
        self._loop = asyncio.get_running_loop()
        self._backplane = backplane
        self._reset()
        self._loop.call_later(SWEEP_SECONDS, self._sweep, self._loop)

    def begin_anew(self) -> None:
        """Forget everything, and have everybody come back: it is of another history."""
        people = set(self.connections.people)
        for connection in self.connections:
            connection.close(CloseCode.RESTART, "the server was restored from a backup")
        for feed in self._feeds.values():
            feed.stop()
        self._reset()
        # Who does not come back is here no longer.
        for person in people:
            self.connections.touch(person)

    # --- what happens ---------------------------------------------------------------------

    def announce(self, *changes: Change) -> None:
        """Tell everybody of changes: those here first, then the other workers. From any thread
        and any process."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            for change in changes:
                loop.call_soon_threadsafe(self._announce, change, time.monotonic())
        else:
            send_from_outside([(change.key, ChangeNews(change)) for change in changes])

    def hear(self, news: News) -> None:
        """Take in what another worker tells."""
        match news:
            case ChangeNews():
                self.deliver(news.change)
            case EventNews():
                self.tell_here(news.key, news.event, news.data)
            case PeopleNews():
                self.people.hear(news)

    def wants(self, key: str) -> bool:
        """Return whether what is told of a key concerns anybody here."""
        return key == PEOPLE or key in self._feeds or self.heads.is_followed(key)

    def held_keys(self) -> set[str]:
        """Return the keys of all streams that are held or followed here."""
        return {*self._feeds, *self.heads.followed()}

    def learn(self, key: str, rev: int, head: bytes | None) -> None:
        """Learn from the database how far a stream has come. What was missed is read."""
        if feed := self._feeds.get(key):
            feed.expect(rev)
        if head is not None:
            self.heads.note(key, rev, head)

    def deliver(self, change: Change) -> None:
        """Deliver a change to those who subscribe to its stream or follow it."""
        feed = self._feeds.get(change.key)
        if feed is not None:
            self._accept(feed, change)
        if change.head is not None:
            self.heads.note(change.key, change.rev, change.head)

    def tell_event(self, key: str, event: str, data: bytes) -> None:
        """Send a volatile event to all who subscribe to a stream, here and on other workers. It
        may be lost."""
        metrics.events.by[event] += 1
        self.tell_here(key, event, data)
        if self._backplane is not None:
            self._backplane.send(key, EventNews(key, event, data))

    def _announce(self, change: Change, announced: float) -> None:
        metrics.changes.by[change.key.partition(":")[0]] += 1
        # A copy: other workers have other clocks.
        self.deliver(msgspec.structs.replace(change, announced=announced))
        if self._backplane is not None:
            self._backplane.send(change.key, ChangeNews(change))

    def tell_here(self, key: str, event: str, data: bytes) -> None:
        """Send a volatile event to those who subscribe to a stream in this process."""
        feed = self._feeds.get(key)
        frame = b""
        for subscription in list(feed.subscriptions) if feed else ():
            if subscription.is_live and subscription.transport.is_writable:
                # All that listen to a stream know it by the same name.
                frame = frame or event_frame(subscription.topic, event, data)
                subscription.transport.write(frame)

    def show(self, key: str, change: bytes) -> None:
        """Tell those who subscribe to a snapshot how it has changed, as JSON."""
        if snapshot := self._snapshots.get(key):
            snapshot.update(change)

    def show_whole(self, key: str) -> None:
        """Tell those who subscribe to a snapshot all of it anew."""
        if snapshot := self._snapshots.get(key):
            snapshot.update(None)

    def is_tapped(self, key: str) -> bool:
        """Whether the process itself follows a stream."""
        return key in self._taps

    def tap(
        self, key: str, load: Load, on_row: Callable[[Row], None], rev: int | None = None
    ) -> None:
        """Follow a stream for the process itself: call `on_row` for each row after `rev`, or
        after what is heard of it first. What the hub knows already is not told again."""
        self._taps[key] = on_row
        feed = self.feed(key, load)
        if rev is not None:
            feed.expect(rev)

    # --- who listens ----------------------------------------------------------------------

    def feed(self, key: str, load: Load) -> Feed:
        """Return the feed of a stream, made when nobody listened to it before."""
        feed = self._feeds.get(key)
        if feed is None:
            feed = self._feeds[key] = Feed(key, load, self._on_row, self.apply_access)
        return feed

    def held(self, key: str) -> Feed | None:
        """Return the feed of a stream, if it is held."""
        return self._feeds.get(key)

    @property
    def backplane(self) -> Backplane | None:
        """What tells other workers, where there is a layer to them."""
        return self._backplane

    def feeds(self) -> Collection[Feed]:
        """Return the feeds of all streams that are held here."""
        return self._feeds.values()

    def watch(
        self, key: str, whole: Callable[[], bytes], subscription: Subscription
    ) -> SnapshotFeed:
        """Register a subscription to a snapshot; `whole` returns all of it as JSON."""
        if key not in self._snapshots:
            self._snapshots[key] = SnapshotFeed(key, whole)
        self._snapshots[key].subscriptions.add(subscription)
        return self._snapshots[key]

    def subscribe(self, key: str, load: Load, subscription: Subscription) -> Feed:
        """Register a subscription; it is told nothing before it is live."""
        feed = self.feed(key, load)
        feed.subscriptions.add(subscription)
        return feed

    def unsubscribe(self, key: str, subscription: Subscription) -> None:
        """Forget a subscription and what it follows."""
        subscription.is_live = False
        self.heads.unfollow_all(subscription)
        if feed := self._feeds.get(key):
            feed.subscriptions.discard(subscription)
            feed.idle_since = time.monotonic()
            if self._is_unused(feed):
                # Made for somebody who was not let in: nobody is kept waiting for a sweep by
                # those who ask for what is not there.
                del self._feeds[key]
        elif snapshot := self._snapshots.get(key):
            snapshot.subscriptions.discard(subscription)
            if not snapshot.subscriptions:
                del self._snapshots[key]

    def catch_up(self, key: str, subscription: Subscription) -> None:
        """Tell a subscription what it could not take before its transport drained."""
        if feed := self._feeds.get(key) or self._snapshots.get(key):
            feed.catch_up(subscription)
        self.heads.catch_up(subscription)

    def end_topic(self, person: int, key: str, rev: int, code: str) -> int:
        """End a person's subscriptions to a stream, but for those that were granted after `rev`;
        returns how many there were."""
        ended = 0
        for connection in list(self.connections.of_person(person)):
            for subscription in connection.subscriptions_to(key):
                if subscription.is_live and subscription.granted < rev:
                    subscription.end(code)
                    self.unsubscribe(key, subscription)
                    ended += 1
        return ended

    # --- within ---------------------------------------------------------------------------

    def _reset(self) -> None:
        self._feeds: OrderedDict[str, Feed] = OrderedDict()
        self._snapshots: dict[str, SnapshotFeed] = {}
        self._taps: dict[str, Callable[[Row], None]] = {}
        self.connections = Connections()
        self.heads = Heads(self.connections.touch)
        self.revoked.forget()

    def _accept(self, feed: Feed, change: Change) -> None:
        self._feeds.move_to_end(feed.key)
        try:
            feed.accept(change)
        except Exception:
            logger.exception("Delivering to %s failed, its clients start afresh", feed.key)
            feed.restart()

    def _on_row(self, feed: Feed, row: Row) -> None:
        if tap := self._taps.get(feed.key):
            tap(row)
        if (row.begins, row.ends, row.follow, row.unfollow) == (None,) * 4:
            return
        for subscription in list(feed.subscriptions):
            if not subscription.is_live:
                subscription.pending.append(row)
            else:
                self.apply_access(feed, subscription, row)

    def apply_access(self, feed: Feed, subscription: Subscription, row: Row) -> None:
        """Carry out what a row says of rights: an end of access, a stream to follow or not."""
        if not subscription.is_live or row.rev <= subscription.granted:
            return
        if row.begins is not None and row.begins[0] == subscription.person:
            subscription.grant_anew(row.rev, since=row.begins[1])
        if row.ends == subscription.person:
            subscription.end(row.ends_as)
            self.unsubscribe(feed.key, subscription)
        if row.follow is not None:
            self.heads.follow(row.follow, subscription)
        if row.unfollow is not None:
            self.heads.unfollow(row.unfollow, subscription)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        if loop is not self._loop:
            return
        loop.call_later(SWEEP_SECONDS, self._sweep, loop)
        now = time.monotonic()
        total = 0
        for feed in reversed(list(self._feeds.values())):
            feed.ring.expire(now)
            total += feed.ring.bytes
            if total > MAX_RING_BYTES:
                # Those that changed last keep their rings; the others are read when asked for.
                feed.ring.clear(feed.rev)
            if self._is_idle(feed, now):
                feed.stop()
                del self._feeds[feed.key]

    def _is_unused(self, feed: Feed) -> bool:
        return feed.rev < 0 and not feed.subscriptions and feed.key not in self._taps

    def _is_idle(self, feed: Feed, now: float) -> bool:
        return (
            not feed.subscriptions
            and feed.key not in self._taps
            and now - feed.idle_since > IDLE_FEED_SECONDS
        )


hub = Hub()
