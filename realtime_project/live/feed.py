"""One stream within this process: its order, its recent rows, and those who listen."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

import msgspec

from realtime_project.live import metrics
from realtime_project.live.changes import Change, Row, change_frames
from realtime_project.live.codes import CloseCode
from realtime_project.live.cursor import Sequence, Want
from realtime_project.live.ring import Ring
from realtime_project.live.subscription import NOTHING, Subscription

logger = logging.getLogger(__name__)

Load = Callable[[str, int], Awaitable[Change]]
"""Reads a stream's changes after a rev from the database."""
Resuming = dict[int, asyncio.Future[dict[Want, Change]]]
"""Reads that are under way for those who subscribe, by the rev after which they read."""
OnRow = Callable[["Feed", Row], None]
"""Is told of every row of the stream, in order, before any client is."""
OnReplayed = Callable[["Feed", Subscription, Row], None]
"""Is told of a row that was read for one client, before that client is."""

SLICE_SECONDS = 0.003
GAP_SECONDS = 0.2
RETRY_SECONDS = 0.5


class Feed:
    """Delivers the changes of one stream to its subscriptions: each exactly once, in order.

    Every subscription has its own cursor. A fan-out passes by those that have a change already
    or are behind it; the latter catch up from the ring, or from the database where the ring does
    not reach. One fan-out runs at a time, in slices, so that a large room does not hold up the
    loop.
    """

    def __init__(self, key: str, load: Load, on_row: OnRow, on_replayed: OnReplayed) -> None:
        self.key = key
        self.subscriptions: set[Subscription] = set()
        self.ring = Ring(0)
        self.idle_since = time.monotonic()
        self._load = load
        self._on_row = on_row
        self._on_replayed = on_replayed
        self._sequence = Sequence(-1)
        self._expected = 0
        self._floor = 0
        # A list, not a deque, which takes 700 bytes: most streams are somebody's own.
        self._queue: list[Change] = []
        self._change: Change | None = None
        self._frames: list[tuple[int, bytes]] | None = None
        self._targets: list[Subscription] = []
        self._loads: dict[int, asyncio.Task[Change]] = {}
        self._repair: asyncio.Task[None] | None = None
        self.resuming: Resuming = {}

    @property
    def rev(self) -> int:
        """The newest rev that this process knows, -1 before it knows any."""
        return self._sequence.rev

    def begin(self, rev: int) -> None:
        """Start after `rev`, unless the feed has started already."""
        if self.rev < 0:
            self._sequence = Sequence(rev)
            self.ring.clear(rev)

    def accept(self, change: Change) -> None:
        """Take in a change, announced or read from the database, and deliver what is its turn."""
        self.begin(change.after)
        self._expected = max(self._expected, change.latest or 0)
        for ready in self._sequence.take(change):
            self._remember(ready)
            self._queue.append(ready)
        if self._change is not None:
            self._turn_to(self._change)
        if self._is_behind():
            self._repair_soon()
        if self._change is None:
            self._fan_out()

    def learn(self, change: Change) -> None:
        """Take in what was read for one client. If that client was away too long to be told row
        by row, the others only learn how far the stream has come."""
        if change.reset:
            self.expect(change.rev)
        else:
            self.accept(change)

    def expect(self, rev: int) -> None:
        """Learn that the stream has reached `rev`; what does not arrive soon is read."""
        self.begin(rev)
        self._expected = max(self._expected, rev)
        if self._is_behind():
            self._repair_soon()

    def catch_up(self, subscription: Subscription) -> None:
        """Bring one subscription to the newest rev, from the ring if it reaches that far back."""
        if not subscription.is_behind(self.rev):
            return
        if subscription.cursor == NOTHING:
            subscription.reset(self.rev)
            return
        rows = self.ring.after(subscription.cursor)
        metrics.replays.by["database" if rows is None else "ring"] += 1
        if rows is None:
            subscription.is_loading = True
            _keep(asyncio.ensure_future(self._catch_up_from_database(subscription)))
        else:
            subscription.tell(Change(self.key, subscription.cursor, self.rev, tuple(rows)))

    def current(self, change: Change) -> Change:
        """Return a change without what is known to have changed since: once an edit or a
        deletion is known here, nobody is shown what it removed. The newer row follows."""
        if change.after < self._floor:
            return Change(self.key, change.after, self.rev, reset=True)
        rows = tuple(row for row in change.rows if not self.ring.has_newer(row))
        return msgspec.structs.replace(change, rows=rows)

    def restart(self) -> None:
        """Give up what is held after a fault: every client loads the state afresh."""
        self._queue.clear()
        self._targets.clear()
        self._change = None
        self.ring.clear(self.rev)
        for subscription in list(self.subscriptions):
            if subscription.is_live:
                subscription.reset(self.rev)

    def stop(self) -> None:
        """End what runs on behalf of this feed."""
        for task in (self._repair, *self._loads.values()):
            if task is not None:
                task.cancel()

    def _remember(self, change: Change) -> None:
        if change.reset:
            # Its rows are not all that happened, only what changed rights.
            self._floor = change.rev
            self.ring.clear(change.rev)
        else:
            self.ring.add(change.rows, time.monotonic())
        for row in change.rows:
            # Who loses access with this row is gone before anybody is told of it.
            self._on_row(self, row)

    def _fan_out(self) -> None:
        deadline = time.monotonic() + SLICE_SECONDS
        while (change := self._next_change()) is not None:
            self._tell_targets(change, deadline)
            if self._targets or (self._queue and time.monotonic() > deadline):
                asyncio.get_running_loop().call_soon(self._fan_out)
                return

    def _tell_targets(self, change: Change, deadline: float) -> None:
        """Tell a change to those who have still to be told, until the time is up."""
        targets, told = self._targets, 0
        while targets:
            told += self._tell(targets.pop(), change)
            if not len(targets) % 32 and time.monotonic() > deadline:
                break
        # Counted once a slice: an addition for each socket would be felt.
        metrics.deliveries.n += told
        metrics.delivered_bytes.n += told * sum(len(frame) for _, frame in self._frames or ())

    def _next_change(self) -> Change | None:
        """Return the change that somebody has still to be told, or None."""
        while not self._targets:
            self._time_fan_out()
            if not self._queue:
                self._change = None
                return None
            self._turn_to(self._queue.pop(0))
            # A copy: who comes or goes while a slice waits must not disturb the order.
            self._targets = list(self.subscriptions)
        return self._change

    def _time_fan_out(self) -> None:
        if self._change is not None and self._change.announced and self.subscriptions:
            metrics.fan_out_seconds.observe(time.monotonic() - self._change.announced)

    def _turn_to(self, change: Change) -> None:
        self._change = self.current(change)
        self._frames = None

    def _tell(self, subscription: Subscription, change: Change) -> bool:
        try:
            if subscription.cursor == change.after and not subscription.is_loading:
                frames = self._frames or self._encoded(subscription.topic, change)
                return subscription.tell(change, frames)
            self.catch_up(subscription)
        except Exception as error:  # noqa: BLE001 (logged)
            self._fail(subscription, error)
        return False

    def _fail(self, subscription: Subscription, error: Exception) -> None:
        # One client's fault is that client's end, and nobody else's.
        logger.error("A subscription to %s failed", self.key, exc_info=error)
        subscription.transport.close(CloseCode.RESTART, "internal error")

    def _encoded(self, topic: str, change: Change) -> list[tuple[int, bytes]]:
        # Encoded once for everybody: all that listen to a stream know it by the same name.
        self._frames = change_frames(topic, change.after, change.rev, change.rows)
        return self._frames

    def _repair_soon(self) -> None:
        """Read from the database what is missing, unless it arrives within 200 ms."""
        if self._repair is None:
            self._repair = asyncio.ensure_future(self._fill_gap())

    async def _catch_up_from_database(self, subscription: Subscription) -> None:
        try:
            change = await self._read(subscription.cursor)
            # The feed may have passed these rows before this client was admitted. Their rights
            # come before the feed learns of the change and passes what waited behind it, of
            # which the ring may forget the first: so that newer rights come last.
            for row in change.rows:
                if not self.ring.has_newer(row):
                    self._on_replayed(self, subscription, row)
            self.learn(change)
            # And both before it is told: if the change ends the subscription, nothing of it is.
            subscription.is_loading = False
            if change.after == subscription.cursor:
                subscription.tell(self.current(change))
            if change.rev > change.after:
                self.catch_up(subscription)
            else:
                # The database knows less than we do: it was restored beneath a running process.
                subscription.reset(self.rev)
        except Exception as error:  # noqa: BLE001 (logged)
            self._fail(subscription, error)
        finally:
            subscription.is_loading = False

    async def _fill_gap(self) -> None:
        try:
            await asyncio.sleep(GAP_SECONDS)
            metrics.gaps.by["read" if self._is_behind() else "arrived"] += 1
            while self._is_behind():
                expected, held = self._expected, self._sequence.held
                # Not shared: a query that began earlier may not know what is missing.
                change = await self._read_until_it_works(self.rev)
                # The database is the truth: what was said before it was asked, and it does not
                # know, is of a history that a restored backup ended, and not waited for.
                known = change.latest or change.rev
                self._sequence.drop(one for one in held if one.rev > known)
                if self._expected == expected:
                    self._expected = known
                self.accept(change)
        finally:
            self._repair = None

    def _is_behind(self) -> bool:
        return self._sequence.has_gap or self.rev < self._expected

    async def _read(self, after: int) -> Change:
        # Those who miss the same wait for the same query.
        if after not in self._loads:
            self._loads[after] = asyncio.ensure_future(self._read_until_it_works(after))
            self._loads[after].add_done_callback(lambda _: self._loads.pop(after, None))
        return await asyncio.shield(self._loads[after])

    async def _read_until_it_works(self, after: int) -> Change:
        while True:
            try:
                return await self._load(self.key, after)
            except LookupError:
                # The stream itself is gone: there is nothing to wait for.
                return Change(self.key, after, max(after, self.rev))
            except Exception:
                logger.exception("Reading %s after %d failed, trying again", self.key, after)
                await asyncio.sleep(RETRY_SECONDS)


_tasks: set[asyncio.Future[None]] = set()


def _keep(task: asyncio.Future[None]) -> None:
    # The loop holds tasks weakly; without this one could be collected while it waits.
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)
