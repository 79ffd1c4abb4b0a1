"""The check: comparing what this process knows of its streams with the database.

It finds what no announcement told: one that was lost, or all of them while the channel layer is
away. One query for each kind of stream, however many are held.
"""

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping

from realtime_project.live import revocation, routes
from realtime_project.live.backplane import Backplane
from realtime_project.live.database import AWAY, in_database
from realtime_project.live.hub import Hub
from realtime_project.live.models import Control
from realtime_project.live.topics import Heads, StreamTopic

logger = logging.getLogger(__name__)

HEALTHY_SECONDS = 5.0
DEGRADED_SECONDS = 0.5

Read = Callable[[Iterable[str]], Heads]
Check = Callable[[], Awaitable[None]]


_followed: dict[str, Read] = {}


def compare(kind: str, read: Read) -> None:
    """Compare streams of a kind too, which have no topic: the process itself follows them."""
    _followed[kind] = read


async def watch(backplane: Backplane | None, check: Check, check_rights: Check) -> None:
    """Check now and then, and all the time while the layer is away. When it is heard again
    everything is checked once more: what was told at that moment may have been lost. Whether
    access was taken away is asked all the time: a page that is told a little later is no harm."""
    was_degraded, checked = False, time.monotonic()
    while True:
        await asyncio.sleep(DEGRADED_SECONDS)
        is_degraded = backplane is not None and backplane.is_degraded
        if is_degraded != was_degraded:
            logger.warning("The channel layer is %s", "away" if is_degraded else "back")
        if is_degraded or was_degraded or time.monotonic() - checked > HEALTHY_SECONDS:
            await _calmly(check)
            checked = time.monotonic()
        else:
            await _calmly(check_rights)
        was_degraded = is_degraded


async def check(hub: Hub) -> None:
    """Compare every stream that is held or followed here with the database."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for key in hub.held_keys():
        by_kind[key.partition(":")[0]].append(key)
    for kind, read in _sources().items():
        if kind in by_kind:
            found = await in_database(read, by_kind[kind])
            for key, (rev, head) in found.items():
                hub.learn(key, rev, head)


async def _calmly(check: Check) -> None:
    try:
        await check()
    except AWAY as error:
        logger.warning("A check failed, the next one comes soon: %r", error)
    except Exception:
        logger.exception("A check failed")


def _sources() -> Mapping[str, Read]:
    sources: dict[str, Read] = {Control.kind: revocation.heads_many, **_followed}
    for route in routes.routes():
        if issubclass(route.consumer, StreamTopic):
            sources[route.consumer.kind] = route.consumer.heads_many
    return sources
