"""One client's connection: its person, its topics, its allowances. It knows no socket."""

import logging
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from realtime_project.live import metrics
from realtime_project.live.bucket import Limit, TokenBucket
from realtime_project.live.build import build
from realtime_project.live.changes import encode, event_frame
from realtime_project.live.codes import CloseCode, ErrorCode, LiveError
from realtime_project.live.hub import Hub
from realtime_project.live.subscription import Subscription
from realtime_project.live.topics import TopicConsumer
from realtime_project.live.transport import Transport

logger = logging.getLogger(__name__)

PING_SECONDS = 25.0
COMMANDS = Limit(rate=10, burst=40)
# Between which seconds a client comes back, where its own rule for the code would not do.
RETRY_SECONDS = {
    CloseCode.RESTART: (0, 5),
    CloseCode.TOO_SLOW: (2, 2),
    CloseCode.OVERLOADED: (5, 30),
}
_numbers = count(1)
REFUSED = Limit(rate=50 / 60, burst=50)


class Connection:
    """What the server knows of one client while it is connected."""

    def __init__(
        self,
        hub: Hub,
        transport: Transport,
        person: int,
        session: str,
        epoch: str,
        address: str = "",
    ) -> None:
        self.number = next(_numbers)
        self.address = address
        self.hub = hub
        self.transport = transport
        self.person = person
        self.session = session
        self.epoch = epoch
        self.topics: dict[str, TopicConsumer] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.is_open = True
        self.is_away = False
        # Whether all tabs of a browser share it: as many topics as its description names.
        self.is_shared = False
        # What those who run the place may ask about it: frames that came, and how long the client
        # took to answer the last ping.
        self.heard = 0
        self.round_trip: float | None = None
        self.since = now = time.monotonic()
        self._commands = TokenBucket(COMMANDS.rate, COMMANDS.burst, now)
        self._refused = TokenBucket(REFUSED.rate, REFUSED.burst, now)
        self._wait_until = 0.0
        transport.on_writable = self._catch_up
        transport.on_lost = self.end
        hub.connections.add(self)

    @property
    def follows(self) -> frozenset[str]:
        """The streams of whose heads this client hears."""
        return frozenset().union(*(one.follows for one in self.subscriptions.values()))

    def set_away(self, away: bool) -> None:
        """Note that nobody has touched the page for a while, or that somebody has."""
        self.is_away = away
        self.hub.connections.touch(self.person)

    def meter(self) -> None:
        """Count one command, or raise LiveError(too_fast)."""
        wait = self._commands.take(time.monotonic())
        if wait:
            metrics.rate_limits.by["socket"] += 1
            raise LiveError(ErrorCode.TOO_FAST, "Too many commands.", retry_after=wait)

    def count_refusal(self, error: LiveError) -> None:
        """Count a refused command; a client that goes on being refused is closed.

        Being too fast counts only for who does not wait as long as the answer said.
        """
        now = time.monotonic()
        if error.code is ErrorCode.TOO_FAST:
            was_told, self._wait_until = self._wait_until, now + (error.retry_after or 0)
            if now >= was_told:
                return
        if self._refused.take(now):
            metrics.rate_limits.by["refusals"] += 1
            logger.info("Closing a socket of person %d: refused too often", self.person)
            self.close(CloseCode.TOO_MANY, "too many refused commands")

    def close(self, code: CloseCode, reason: str) -> None:
        """Say goodbye and close. From here on nothing reaches the client."""
        if not self.is_open:
            return
        metrics.goodbyes.by[str(int(code))] += 1
        data: dict[str, Any] = {"code": int(code), "reason": reason}
        if code in RETRY_SECONDS:
            data["retry"] = RETRY_SECONDS[code]
        self.transport.write(event_frame(None, "goodbye", encode(data)))
        self.transport.close(code, reason)
        self.end()

    def end(self) -> None:
        """Leave all topics."""
        if not self.is_open:
            return
        self.is_open = False
        for name in list(self.subscriptions):
            self.leave(name)
        self.hub.connections.remove(self)

    def topic(self, name: str) -> TopicConsumer:
        """Return a topic that is subscribed here, or raise LiveError(not_found)."""
        subscription = self.subscriptions.get(name)
        if subscription is None or not subscription.is_live:
            raise LiveError(ErrorCode.NOT_FOUND, "You are not subscribed to this topic.")
        return self.topics[name]

    def subscriptions_to(self, key: str) -> list[Subscription]:
        """Return the subscriptions to a stream, by the hub's key."""
        return [self.subscriptions[name] for name, topic in self.topics.items() if topic.key == key]

    def leave(self, name: str) -> None:
        """Leave one topic, if it was subscribed."""
        topic = self.topics.pop(name, None)
        subscription = self.subscriptions.pop(name, None)
        if topic is not None and subscription is not None:
            self.hub.unsubscribe(topic.key, subscription)

    def _catch_up(self) -> None:
        for name, subscription in list(self.subscriptions.items()):
            self.hub.catch_up(self.topics[name].key, subscription)


def hello(connection: Connection) -> bytes:
    """Return the first frame that a client gets."""
    data: dict[str, Any] = {
        "person": connection.person,
        "epoch": connection.epoch,
        "build": build(),
        "now": datetime.now(UTC),
        "ping": PING_SECONDS,
    }
    return event_frame(None, "hello", encode(data))
