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
from collections.abc import Awaitable, Callable, Sequence
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
    tells concerns nobody here, and is not even decoded. `hear` takes what does. It tells and
    hears of one epoch at a time.
    """

    def __init__(
        self,
        name: str,
        wants: Callable[[str], bool],
        hear: Callable[[News], None],
        layer: Any = None,
    ) -> None:
        self._name = name
        self._layer: Any = layer or get_channel_layer()
        self._wants = wants
        self._hear = hear
        self._epoch: str | None = None
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

    def begin(self, epoch: str) -> None:
        """Tell of this epoch from now on. What waits may be of the one before."""
        self._epoch = epoch
        self._waiting.clear()

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
        # With an end: a broker that is out of reach need not let anybody close, or join.
        async with asyncio.timeout(JOIN_SECONDS):
            channel = await self._join()
        while True:
            # Never under a time limit: the layer takes a cancelled receive for a farewell.
            self._take(await self._layer.receive(channel))

    async def _join(self) -> str:
        # Always afresh: a channel of an attempt that failed would gather messages for a reader who
        # never comes.
        await self._layer.flush()
        channel: str = await self._layer.new_channel()
        await self._layer.group_add(GROUP, channel)
        return channel

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("from") == self._name:
            self._heard = time.monotonic()
            metrics.round_trip_seconds.observe(self._heard - message["at"])
            self._has_joined.set()
        elif message.get("epoch") in (None, self._epoch):
            # Of another epoch it is a rev that may mean something else here: a broker that was
            # stopped tells it when it goes on, also after a backup was restored.
            news = message.get("news", ())
            metrics.news.by["heard"] += len(news)
            for key, data in news:
                if self._wants(key):
                    metrics.news.by["wanted"] += 1
                    self._take_in(key, data)

    def _take_in(self, key: str, data: bytes) -> None:
        try:
            self._hear(decode(data))
        except Exception as error:  # noqa: BLE001 (logged; what is lost here the check finds)
            # A worker of another version may say what is not known here.
            logger.warning("News of %s are not understood: %r", key, error)

    async def _send(self) -> None:
        while True:
            await self._has_waiting.wait()
            while self._waiting:
                many = min(MAX_BATCH, len(self._waiting))
                await self._tell([self._waiting.popleft() for _ in range(many)])
                metrics.news.by["sent"] += many
            self._has_waiting.clear()

    async def _tell(self, batch: list[tuple[str, bytes]]) -> None:
        # One send at a time and with an end: on a connection that is stuck the next would wait
        # behind this one.
        await _tell_in_time(self._layer, self._name, self._epoch, batch)

    async def _announce(self) -> None:
        while True:
            await self._tell([])
            await asyncio.sleep(ANNOUNCE_SECONDS)
            if self.silent_seconds > REJOIN_SECONDS:
                self._rejoin()

    def _rejoin(self) -> None:
        """Begin afresh: the layer's client can lose its subscription without noticing."""
        self._heard = time.monotonic() - SILENT_SECONDS
        self._tasks[0].cancel()
        self._tasks[0] = asyncio.ensure_future(self._for_ever(self._listen))


def has_layer() -> bool:
    """Whether there is a layer through which other processes can be told anything."""
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


def send_from_outside(told: Sequence[tuple[str, News]]) -> None:
    """Tell the workers from a process that is none: a management command, a job."""
    news = [(key, _encode(one)) for key, one in told]
    if not has_layer():
        doorbell.ring(*(data for _key, data in news))
        return
    try:
        async_to_sync(_tell_all)(get_channel_layer(), news)
    except Exception as error:  # noqa: BLE001 (the change is stored; the workers' check finds it)
        logger.warning(
            "The workers were not told of %s: %r", " ".join(key for key, _ in news[:3]), error
        )


async def _tell_all(layer: Any, news: list[tuple[str, bytes]]) -> None:
    for start in range(0, len(news), MAX_BATCH):
        await _tell_in_time(layer, "outside", None, news[start : start + MAX_BATCH])


async def _tell_in_time(
    layer: Any, name: str, epoch: str | None, batch: list[tuple[str, bytes]]
) -> None:
    # The time is the sender's own and means something to nobody else.
    message = {
        "type": "live.news",
        "from": name,
        "epoch": epoch,
        "news": batch,
        "at": time.monotonic(),
    }
    # Not asyncio.wait_for(), which before Python 3.12 loses a cancellation that comes in the moment
    # in which the work is done: what was cancelled then goes on for ever.
    async with asyncio.timeout(SEND_SECONDS):
        await layer.group_send(GROUP, message)
