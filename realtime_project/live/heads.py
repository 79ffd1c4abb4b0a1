"""Heads: how a stream that is not open on a page still shows up in its rail.

Who follows a stream hears of it at most once a second, in a few bytes that are the same for all.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Set

from realtime_project.live.changes import chunked, event_frame
from realtime_project.live.subscription import Subscription

INTERVAL_SECONDS = 1.0
MAX_REMEMBERED = 10_000


class Heads:
    """Followers by stream, and the last head of each stream that moved lately."""

    def __init__(self, on_moved: Callable[[int], object]) -> None:
        # Is told of each person who follows something more or less.
        self._on_moved = on_moved
        self._followers: dict[str, set[Subscription]] = defaultdict(set)
        self._last: OrderedDict[str, tuple[int, bytes]] = OrderedDict()
        self._resting: dict[str, int] = {}

    def note(self, key: str, rev: int, head: bytes) -> None:
        """Take in a stream's new head and tell its followers, now or within the second."""
        if key in self._last and self._last[key][0] >= rev:
            return
        self._remember(key, rev, head)
        if key in self._followers and key not in self._resting:
            self._tell(key)

    def learn(self, key: str, rev: int, head: bytes) -> None:
        """Take in a head that was read for who is about to follow. They are told it by
        themselves; the others are told what they may have missed, and nobody what they know."""
        if key in self._last or key in self._followers:
            self.note(key, rev, head)
        else:
            self._remember(key, rev, head)

    def follow(self, key: str, subscription: Subscription) -> None:
        """Let a subscription hear of a stream from now on."""
        self._followers[key].add(subscription)
        subscription.follow(key)
        self._on_moved(subscription.person)

    def unfollow(self, key: str, subscription: Subscription) -> None:
        """Let a subscription hear of a stream no longer."""
        subscription.unfollow(key)
        self._on_moved(subscription.person)
        followers = self._followers.get(key)
        if followers is not None:
            followers.discard(subscription)
            if not followers:
                del self._followers[key]

    def is_followed(self, key: str) -> bool:
        """Whether anybody hears of a stream."""
        return key in self._followers

    def followers(self, key: str) -> Set[Subscription]:
        """Who hears of a stream."""
        return self._followers.get(key, frozenset())

    def followed(self) -> Iterable[str]:
        """The streams of which somebody hears."""
        return self._followers.keys()

    def unfollow_all(self, subscription: Subscription) -> None:
        """Let a subscription that ends hear of nothing any more."""
        for key in list(subscription.follows):
            self.unfollow(key, subscription)

    def catch_up(self, subscription: Subscription) -> None:
        """Tell a subscription the heads that it could not take when they moved."""
        heads = [self._last[key][1] for key in subscription.take_missed() if key in self._last]
        if subscription.is_live:
            for frame in heads_frames(subscription.topic, heads):
                subscription.transport.write(frame)

    def newest(self, key: str, rev: int, head: bytes) -> bytes:
        """Return the newest known head: the one given, which was read a moment ago with `rev`,
        or one that was announced since."""
        last = self._last.get(key)
        return last[1] if last is not None and last[0] > rev else head

    def _remember(self, key: str, rev: int, head: bytes) -> None:
        self._last[key] = (rev, head)
        self._last.move_to_end(key)
        if len(self._last) > MAX_REMEMBERED:
            self._last.popitem(last=False)

    def _tell(self, key: str) -> None:
        rev, head = self._last[key]
        frames: dict[str, bytes] = {}
        for subscription in list(self._followers.get(key, ())):
            if not subscription.is_live:
                continue
            if not subscription.transport.is_writable:
                subscription.miss(key)
                continue
            topic = subscription.topic
            if topic not in frames:
                [frames[topic]] = heads_frames(topic, [head])
            subscription.transport.write(frames[topic])
        self._resting[key] = rev
        asyncio.get_running_loop().call_later(INTERVAL_SECONDS, self._rested, key)

    def _rested(self, key: str) -> None:
        told = self._resting.pop(key)
        if key in self._followers and key in self._last and self._last[key][0] > told:
            self._tell(key)


def heads_frames(topic: str, heads: Iterable[bytes]) -> list[bytes]:
    """Return the frames that tell the heads of some streams, each of at most 32 KiB."""
    return [
        event_frame(topic, "heads", b'{"heads":[%b]}' % b",".join(chunk))
        for chunk in chunked(heads, len)
    ]
