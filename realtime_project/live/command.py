"""Commands: the methods of topic consumers that clients may call by name."""

import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec

from realtime_project.live import metrics
from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.protocol import Args, decode_args

if TYPE_CHECKING:
    from realtime_project.live.topics import TopicConsumer


names = {"subscribe", "unsubscribe"}
"""Every command that there is. A client may write anything."""


class Command:
    """A method of a topic consumer that clients may call by name."""

    def __init__(
        self, name: str, method: Callable[..., Awaitable[Any]], limit: Limit | None
    ) -> None:
        self.name = name
        names.add(name)
        self.args = _args_type(method)
        self._method = method
        self._decoder = msgspec.json.Decoder(self.args)
        self._buckets = Buckets(limit) if limit else None

    async def __call__(self, topic: "TopicConsumer", raw: msgspec.Raw) -> Any:
        """Check the arguments and the person's allowance, and carry the command out."""
        args = decode_args(self._decoder, raw)
        if self._buckets is not None:
            wait = self._buckets.take((topic.person, self.name), time.monotonic())
            if wait:
                metrics.rate_limits.by[self.name] += 1
                raise LiveError(ErrorCode.TOO_FAST, "That was a little fast.", retry_after=wait)
        return await self._method(topic, args)


def command(
    name: str, *, limit: Limit | None = None
) -> Callable[[Callable[..., Awaitable[Any]]], Command]:
    """Make a method callable by clients as `noun.verb`. Its one argument is annotated with the
    type that the client's arguments must have; `limit` is one person's allowance."""
    return lambda method: Command(name, method, limit)


def _args_type(method: Callable[..., Any]) -> type[Args]:
    annotation: type[Args] = list(inspect.signature(method).parameters.values())[1].annotation
    return annotation
