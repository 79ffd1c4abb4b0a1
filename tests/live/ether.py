"""What lies between workers: a channel layer that loses, doubles and delays as the test likes."""

import asyncio
from collections import defaultdict
from enum import Enum
from typing import Any

import msgspec

from realtime_project.live.backplane import PEOPLE


class Weather(Enum):
    """What becomes of a message."""

    CALM = "it arrives at once"
    STORM = "it arrives when the test says so: late, twice, before another one, or never"
    STUCK = "it does not leave, and whoever sends it waits: a broker that is stopped"
    GONE = "sending it fails: a broker that was killed"


class Ether:
    """Carries messages between the ends of some workers."""

    def __init__(self) -> None:
        self.ends: list[End] = []
        self.under_way: list[tuple[End, bytes]] = []

    def end(self) -> "End":
        """One worker's channel layer."""
        self.ends.append(end := End(self))
        return end

    def spread(self, message: dict[str, Any], weather: Weather) -> None:
        packed = msgspec.msgpack.encode(message)
        for end in self.ends:
            if weather is Weather.CALM and end.weather is Weather.CALM:
                end.take(packed)
            elif _is_of_streams(message) or Weather.STUCK in (weather, end.weather):
                self.under_way.append((end, packed))
            elif Weather.GONE not in (weather, end.weather):
                # A storm leaves alone what workers tell about themselves.
                end.take(packed)


class End:
    """The channel layer as one worker sees it. Who begins afresh begins with an empty channel."""

    def __init__(self, ether: Ether) -> None:
        self._ether = ether
        self.weather = Weather.CALM
        self.has_joined = False
        self._has_cleared = asyncio.Event()
        self._channels: dict[str, asyncio.Queue[bytes]] = defaultdict(asyncio.Queue)

    def meet(self, weather: Weather) -> None:
        """Let the weather change between this worker and the others."""
        self.weather = weather
        self._has_cleared.set()
        self._has_cleared = asyncio.Event()

    def take(self, packed: bytes) -> None:
        if self.has_joined:
            for channel in self._channels.values():
                channel.put_nowait(packed)

    async def new_channel(self) -> str:
        await self._pass()
        self._channels["mine"] = asyncio.Queue()
        return "mine"

    async def group_add(self, group: str, channel: str) -> None:
        await self._pass()
        self.has_joined = True

    async def group_send(self, group: str, message: dict[str, Any]) -> None:
        if self.weather is not Weather.GONE:
            self._ether.spread(message, self.weather)
        await self._pass()

    async def receive(self, channel: str) -> dict[str, Any]:
        message: dict[str, Any] = msgspec.msgpack.decode(await self._channels[channel].get())
        return message

    async def flush(self) -> None:
        self.has_joined = False
        self._channels.clear()

    async def _pass(self) -> None:
        while self.weather is Weather.STUCK:
            await self._has_cleared.wait()
        if self.weather is Weather.GONE:
            raise ConnectionError("the broker is not there")


def _is_of_streams(message: dict[str, Any]) -> bool:
    return any(key != PEOPLE for key, _ in message["news"])
