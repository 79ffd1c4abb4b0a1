"""What the workers tell each other through the channel layer.

Everything sent here is a hint: a change that is lost on the way is found in the database by the
hub's check. So nothing waits for the broker, nothing is kept for it beyond a bound, and a broker
that is gone costs latency and nothing else.

Each worker has one channel and one group, which it joins once. Its own announcement, sent every
second and heard back, tells whether the layer carries anything at all.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from realtime_project.live import doorbell, metrics
from realtime_project.live.changes import Change
from realtime_project.live.presence import Told

logger = logging.getLogger(__name__)

GROUP = "live"
PEOPLE = "people"
SEND_SECONDS = 1.0
JOIN_SECONDS = 5.0
ANNOUNCE_SECONDS = 1.0
SILENT_SECONDS = 2.5
REJOIN_SECONDS = 10.0
RETRY_SECONDS = 0.5
MAX_WAITING = 2000
MAX_BATCH = 200


class ChangeNews(msgspec.Struct, frozen=True, tag="change"):
    """Something happened in a stream."""

    change: Change


class EventNews(msgspec.Struct, frozen=True, tag="event"):
    """Something volatile happened in a stream."""

    key: str
    event: str
    data: bytes


class PeopleNews(msgspec.Struct, frozen=True, tag="people"):
    """A worker renews its lease on the people who are connected to it."""

    worker: str
    people: Told
    whole: bool


News = ChangeNews | EventNews | PeopleNews
decode = msgspec.msgpack.Decoder(News).decode
_encode = msgspec.msgpack.Encoder().encode


class Backplane:
    """One worker's end of the channel layer.

    `wants` says by the key alone whether anybody here holds a stream: most of what a large fleet
    tells concerns nobody here, and is not even decoded. `hear` takes what does.
    """

    def __init__(
        self, name: str, wants: Callable[[str], bool], hear: Callable[[News], None]
    ) -> None:
        self._name = name
        self._wants = wants
        self._hear = hear
        self._waiting: deque[tuple[str, bytes]] = deque(maxlen=MAX_WAITING)
        self._has_waiting = asyncio.Event()
        self._heard = time.monotonic()
        self._has_joined = asyncio.Event()
        self._tasks: list[asyncio.Future[None]] = []

    @property
    def silent_seconds(self) -> float:
        """For how long this worker has not heard itself."""
        return time.monotonic() - self._heard

    @property
    def is_degraded(self) -> bool:
        """Whether the layer carries nothing now."""
        return self.silent_seconds > SILENT_SECONDS

    @property
    def waiting(self) -> int:
        """How many news wait to be sent."""
        return len(self._waiting)

    def start(self) -> None:
        """Join the group and begin to send and to hear, on the running event loop."""
        for work in (self._listen, self._send, self._announce):
            self._tasks.append(asyncio.ensure_future(self._for_ever(work)))

    async def joined(self) -> None:
        """Wait until this worker has heard itself: joining returns before it takes effect."""
        await self._has_joined.wait()

    def send(self, key: str, news: News) -> None:
        """Tell the other workers, soon. When too much waits the oldest is dropped."""
        if len(self._waiting) == MAX_WAITING:
            metrics.news.by["dropped"] += 1
        self._waiting.append((key, _encode(news)))
        self._has_waiting.set()

    async def _for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 (whatever the broker's client raises)
                logger.warning("The channel layer does not work: %r", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        channel = await asyncio.wait_for(_join(), JOIN_SECONDS)
        while True:
            # Never under a time limit: the layer takes a cancelled receive for a farewell.
            self._take(await _layer().receive(channel))

    def _take(self, message: dict[str, Any]) -> None:
        if message["from"] == self._name:
            self._heard = time.monotonic()
            metrics.round_trip_seconds.observe(self._heard - message["at"])
            self._has_joined.set()
            return
        metrics.news.by["heard"] += len(message["news"])
        for key, data in message["news"]:
            if self._wants(key):
                metrics.news.by["wanted"] += 1
                self._hear(decode(data))

    async def _send(self) -> None:
        await self._has_waiting.wait()
        self._has_waiting.clear()
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(MAX_BATCH, len(self._waiting)))]
            # One send at a time and with an end: on a connection that is stuck the next would
            # wait behind this one.
            await asyncio.wait_for(_tell(self._name, batch), SEND_SECONDS)
            metrics.news.by["sent"] += len(batch)

    async def _announce(self) -> None:
        while True:
            await asyncio.wait_for(_tell(self._name, []), SEND_SECONDS)
            await asyncio.sleep(ANNOUNCE_SECONDS)
            if self.silent_seconds > REJOIN_SECONDS:
                await self._rejoin()

    async def _rejoin(self) -> None:
        """Begin afresh: the layer's client can lose its subscription without noticing."""
        self._heard = time.monotonic() - SILENT_SECONDS
        listening = self._tasks[0]
        listening.cancel()
        try:
            # With an end: closing waits for what a broker that is out of reach does not take.
            await asyncio.wait_for(_layer().flush(), SEND_SECONDS)
        finally:
            self._tasks[0] = asyncio.ensure_future(self._for_ever(self._listen))


def has_layer() -> bool:
    """Whether there is a layer through which other processes can be told anything."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


def send_from_outside(key: str, news: News) -> None:
    """Tell the workers from a process that is none: a management command, a job."""
    if not has_layer():
        doorbell.ring(_encode(news))
        return
    try:
        async_to_sync(_tell_in_time)("outside", [(key, _encode(news))])
    except Exception as error:  # noqa: BLE001 (the change is stored; the workers' check finds it)
        logger.warning("The workers were not told of %s: %r", key, error)


async def _join() -> str:
    layer = _layer()
    try:
        channel: str = await layer.new_channel()
        await layer.group_add(GROUP, channel)
    except BaseException:
        # Half joined: what is sent to this channel would be kept for a reader who never comes.
        await layer.flush()
        raise
    return channel


async def _tell_in_time(name: str, batch: list[tuple[str, bytes]]) -> None:
    await asyncio.wait_for(_tell(name, batch), SEND_SECONDS)


async def _tell(name: str, batch: list[tuple[str, bytes]]) -> None:
    # The time is the sender's own and means something to nobody else.
    message = {"type": "live.news", "from": name, "news": batch, "at": time.monotonic()}
    await _layer().group_send(GROUP, message)


def _layer() -> Any:
    return get_channel_layer()
