"""Subscribing: the one procedure by which a client gets topics, first or again.

The order matters. A subscription is registered with the hub first, so that whatever commits from
now on is noticed; then the rights are read; then it is made live, and told what it missed. What
took rights away in between is applied before the first frame is written.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, cast

from realtime_project.live import metrics
from realtime_project.live.changes import Change
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.connection import Connection
from realtime_project.live.cursor import Want, can_resume, until
from realtime_project.live.database import in_database
from realtime_project.live.feed import Feed, Resuming
from realtime_project.live.heads import heads_frames
from realtime_project.live.protocol import MAX_TOPICS, NOTHING_HERE, Cursors, answer, describe
from realtime_project.live.routes import resolve
from realtime_project.live.snapshot import SnapshotFeed
from realtime_project.live.subscription import NOTHING, Subscription
from realtime_project.live.topics import Access, StreamTopic, TopicConsumer


@dataclass(frozen=True)
class Entry:
    """One topic on its way to being subscribed."""

    name: str
    cursor: int | None
    topic: TopicConsumer
    subscription: Subscription
    feed: Feed | SnapshotFeed

    @property
    def want(self) -> Want:
        return Want(self.topic.key, self.cursor or 0)

    @property
    def resuming(self) -> Resuming:
        return cast(Feed, self.feed).resuming


@dataclass
class Granted:
    """A topic that may be subscribed, with what was missed of it where the ring has it not."""

    entry: Entry
    access: Access
    missed: Change | None = None

    @property
    def resumes_from(self) -> int | None:
        """The cursor to go on from, or None where the client must load the state."""
        cursor = self.entry.cursor
        # What was held before one's history began is of a membership that has ended.
        floor = max(self.access.floor, self.access.since)
        return cursor if can_resume(cursor, floor=floor, rev=self.access.rev) else None

    @property
    def is_outdated(self) -> bool:
        """Whether what was read is older than the rights."""
        missed = self.missed
        return missed is not None and (missed.latest or missed.rev) < self.access.rev


async def subscribe(connection: Connection, frame_id: int | None, cursors: Cursors) -> None:
    """Subscribe to topics, answer which of them were accepted, then tell what was missed.

    A topic's error does not touch the others. A topic that is subscribed already is subscribed
    anew, with the cursor given.
    """
    results: dict[str, Any] = {}
    if not connection.topics and any(cursor is not None for cursor in cursors.values()):
        metrics.returns.n += 1
    entries = _register(connection, cursors, results)
    try:
        granted = await _authorise(connection, entries)
        await _read_missed(granted)
    except BaseException:
        for entry in entries:
            connection.leave(entry.name)
        raise
    if not connection.is_open:
        return
    for entry in entries:
        results[entry.name] = _result(connection, entry, granted.get(entry.name))
    if frame_id is not None:
        connection.transport.write(answer(frame_id, results))
    if len(granted) < len(cursors):
        connection.count_refusal(LiveError(ErrorCode.NOT_FOUND))
    for one in granted.values():
        _go_live(connection, one)


def _register(connection: Connection, cursors: Cursors, results: dict[str, Any]) -> list[Entry]:
    entries = []
    for name, cursor in cursors.items():
        try:
            entries.append(_register_one(connection, name, cursor))
        except LiveError as error:
            results[name] = {"error": describe(error)}
    return entries


def _register_one(connection: Connection, name: str, cursor: int | None) -> Entry:
    consumer, params = resolve(name)
    connection.leave(name)
    _check_room(connection, consumer)
    topic = consumer(connection, consumer.key_for(connection.person, params), params)
    subscription = Subscription(name, connection.person, connection.transport)
    feed = consumer.join(connection.hub, topic.key, subscription)
    connection.topics[name] = topic
    connection.subscriptions[name] = subscription
    return Entry(name, cursor, topic, subscription, feed)


def _check_room(connection: Connection, consumer: type[TopicConsumer]) -> None:
    # What the server ended takes no place, although the client did not unsubscribe it.
    for name in [name for name, one in connection.subscriptions.items() if one.is_over]:
        connection.leave(name)
    same_kind = sum(isinstance(topic, consumer) for topic in connection.topics.values())
    most = None if connection.is_shared else consumer.max_per_socket
    if len(connection.topics) >= MAX_TOPICS or (most is not None and same_kind >= most):
        raise LiveError(ErrorCode.TOO_LARGE, "That is more topics than one socket can have.")


async def _authorise(connection: Connection, entries: list[Entry]) -> dict[str, Granted]:
    """Read the rights, a few queries for each kind of topic; returns those by name that are
    granted."""
    granted = {}
    for consumer, group in _by_consumer(entries).items():
        keys = [entry.topic.key for entry in group]
        found = await in_database(consumer.authorise_many, connection.person, keys)
        for entry in group:
            if entry.topic.key in found:
                granted[entry.name] = Granted(entry, found[entry.topic.key])
    return granted


async def _read_missed(granted: dict[str, Granted]) -> None:
    """Read what the rings do not hold, a few queries for each kind of topic. A crowd that comes
    back misses the same: who finds it being read waits for that."""
    behind = {one.entry: one for one in granted.values() if _must_read(one)}
    await _read_together(behind)
    # What was begun before the rights were read may not know of what was deleted since. The
    # second time nothing is found that began so early.
    await _read_together({entry: one for entry, one in behind.items() if one.is_outdated})


async def _read_together(behind: dict[Entry, Granted]) -> None:
    unread = [entry for entry in behind if entry.want.after not in entry.resuming]
    for consumer, group in _by_consumer(unread).items():
        _begin_reading(cast(type[StreamTopic], consumer), group)
    for entry, read in [(entry, entry.resuming[entry.want.after]) for entry in behind]:
        # Whoever is cut off meanwhile must not end it for the others.
        behind[entry].missed = (await asyncio.shield(read)).get(entry.want)


def _begin_reading(consumer: type[StreamTopic], group: list[Entry]) -> None:
    read = asyncio.ensure_future(_read(consumer, group))
    for entry in group:
        entry.resuming[entry.want.after] = read


async def _read(consumer: type[StreamTopic], group: list[Entry]) -> dict[Want, Change]:
    """Read what was missed. The feeds learn of it in the moment in which it is not being read
    any more: who comes later finds it in the ring."""
    try:
        missed = await in_database(consumer.changes_many, [entry.want for entry in group])
        for entry in group:
            feed = cast(Feed, entry.feed)
            # Who asked may have gone meanwhile, and the feed with them.
            if feed.subscriptions and entry.want in missed:
                feed.learn(missed[entry.want])
        return missed
    finally:
        for entry in group:
            entry.resuming.pop(entry.want.after, None)


def _must_read(one: Granted) -> bool:
    cursor, feed = one.resumes_from, one.entry.feed
    if isinstance(feed, SnapshotFeed) or cursor is None or cursor >= one.access.rev:
        return False
    return feed.rev < one.access.rev or cursor < feed.ring.since


def _result(connection: Connection, entry: Entry, one: Granted | None) -> dict[str, Any]:
    if one is not None:
        return {"rev": one.access.rev, **one.access.told}
    connection.leave(entry.name)
    return {"error": describe(LiveError(ErrorCode.NOT_FOUND, NOTHING_HERE))}


def _go_live(connection: Connection, one: Granted) -> None:
    feed, subscription = one.entry.feed, one.entry.subscription
    subscription.is_live = True
    if isinstance(feed, SnapshotFeed):
        feed.begin(subscription)
    else:
        _resume(connection, one, feed, subscription)


def _resume(connection: Connection, one: Granted, feed: Feed, subscription: Subscription) -> None:
    access = one.access
    subscription.since, subscription.granted = access.since, access.rev
    subscription.cursor = NOTHING if one.resumes_from is None else one.resumes_from
    for key, (rev, head) in access.heads.items():
        connection.hub.heads.learn(key, rev, head)
        connection.hub.heads.follow(key, subscription)
    for row in subscription.pending:
        connection.hub.apply_access(feed, subscription, row)
    subscription.pending.clear()
    if not subscription.is_live:
        return
    _tell_heads(connection, one)
    if subscription.cursor == NOTHING:
        subscription.reset(access.rev)
    if one.missed is not None:
        metrics.replays.by["subscribing"] += 1
        # Not beyond the moment at which the rights were read: what follows comes by the feed,
        # which ended this subscription above if it had to.
        subscription.tell(feed.current(until(one.missed, access.rev)))
    feed.expect(access.rev)
    feed.catch_up(subscription)


def _tell_heads(connection: Connection, one: Granted) -> None:
    heads, subscription = connection.hub.heads, one.entry.subscription
    newest = [
        heads.newest(key, rev, head)
        for key, (rev, head) in one.access.heads.items()
        if key in subscription.follows
    ]
    for frame in heads_frames(one.entry.name, newest):
        subscription.transport.write(frame)


def _by_consumer(entries: list[Entry]) -> dict[type[TopicConsumer], list[Entry]]:
    groups: dict[type[TopicConsumer], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[type(entry.topic)].append(entry)
    return groups
