"""Topics: what a page may subscribe to, and what it may ask there.

Each app declares a topic consumer per kind of topic; `realtime_project/routing.py` lists them
with patterns, as Django lists paths.
"""

import inspect
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

import msgspec
from django.conf import settings
from django.utils.module_loading import import_string

from realtime_project.live.bucket import Buckets, Limit
from realtime_project.live.changes import Change, encode
from realtime_project.live.codes import ErrorCode, LiveError
from realtime_project.live.cursor import Want
from realtime_project.live.database import in_database
from realtime_project.live.protocol import Args, decode_args

if TYPE_CHECKING:
    from realtime_project.live.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")
Params = Mapping[str, Any]


@dataclass(frozen=True)
class Access:
    """What a person may see of a stream, read from the database at one moment."""

    rev: int
    floor: int = 0
    since: int = 0
    """Rows created before this rev are hidden: history begins with joining."""
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """The streams that this one's viewer follows: key, rev and head of each."""


@dataclass(frozen=True)
class State:
    """All that a page shows of a topic at first; `rev` was read before the rows."""

    rev: int
    rows: list[msgspec.Struct]
    extra: dict[str, Any] = field(default_factory=dict)


class TopicConsumer:
    """One topic as one client sees it: a list of what a page may ask there."""

    commands: ClassVar[dict[str, "Command"]] = {}
    max_per_socket: ClassVar[int | None] = None

    def __init__(self, connection: "Connection", key: str, params: Params) -> None:
        self.connection = connection
        self.person = connection.person
        self.key = key
        self.params = params

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = [value for value in vars(cls).values() if isinstance(value, Command)]
        cls.commands = cls.commands | {one.name: one for one in own}

    @classmethod
    def key_for(cls, person: int, params: Params) -> str:
        """Return the hub's key of this topic for a person."""
        raise NotImplementedError

    @classmethod
    def authorise_many(cls, person: int, keys: Iterable[str]) -> dict[str, Access]:
        """Return what the person may see of each stream; what is missing is not to be seen."""
        raise NotImplementedError

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        """Return what happened in each stream after a rev, for every viewer alike."""
        raise NotImplementedError

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        """Return the state of the topic. Raises ObjectDoesNotExist for who may not see it."""
        raise NotImplementedError

    @classmethod
    async def load(cls, key: str, after: int) -> Change:
        """Read one stream's changes from the database."""
        want = Want(key, after)
        return (await in_database(cls.changes_many, [want]))[want]

    def tell_event(self, event: str, data: msgspec.Struct) -> None:
        """Send a volatile event to all who subscribe to this topic. It may be lost."""
        self.connection.hub.tell_event(self.key, event, encode(data))

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service or a query, which use the database, off the event loop."""
        return await in_database(function, *args, **kwargs)


class Command:
    """A method of a topic consumer that clients may call by name."""

    def __init__(
        self, name: str, method: Callable[..., Awaitable[Any]], limit: Limit | None
    ) -> None:
        self.name = name
        self.args = _args_type(method)
        self._method = method
        self._decoder = msgspec.json.Decoder(self.args)
        self._buckets = Buckets(limit) if limit else None

    async def __call__(self, topic: TopicConsumer, raw: msgspec.Raw) -> Any:
        """Check the arguments and the person's allowance, and carry the command out."""
        args = decode_args(self._decoder, raw)
        if self._buckets is not None:
            wait = self._buckets.take((topic.person, self.name), time.monotonic())
            if wait:
                raise LiveError(ErrorCode.TOO_FAST, "That was a little fast.", retry_after=wait)
        return await self._method(topic, args)


def command(
    name: str, *, limit: Limit | None = None
) -> Callable[[Callable[..., Awaitable[Any]]], Command]:
    """Make a method callable by clients as `noun.verb`. Its one argument is annotated with the
    type that the client's arguments must have; `limit` is one person's allowance."""
    return lambda method: Command(name, method, limit)


@dataclass(frozen=True)
class Route:
    """A pattern of topic names and the consumer that answers for them."""

    pattern: str
    regex: re.Pattern[str]
    consumer: type[TopicConsumer]
    integers: frozenset[str]

    def match(self, name: str) -> dict[str, Any] | None:
        found = self.regex.fullmatch(name)
        if found is None:
            return None
        return {
            key: int(value) if key in self.integers else value
            for key, value in found.groupdict().items()
        }


def topic(pattern: str, consumer: type[TopicConsumer]) -> Route:
    """Route topic names like `room:<int:room>` to a consumer. `int` and `slug` are known."""
    integers = frozenset(re.findall(r"<int:(\w+)>", pattern))
    regex = re.sub(r"<int:(\w+)>", r"(?P<\1>[1-9][0-9]{0,17})", pattern)
    regex = re.sub(r"<slug:(\w+)>", r"(?P<\1>[-a-z0-9_]{1,60})", regex)
    return Route(pattern, re.compile(regex), consumer, integers)


def resolve(name: str) -> tuple[type[TopicConsumer], dict[str, Any]]:
    """Return the consumer and the parameters of a topic, or raise LiveError(unknown)."""
    for route in routes():
        params = route.match(name)
        if params is not None:
            return route.consumer, params
    raise LiveError(ErrorCode.UNKNOWN, f"There is no topic “{name}”.")


def routes() -> list[Route]:
    """Return the project's table of topics."""
    table: list[Route] = import_string(settings.TOPICS)
    return table


def _args_type(method: Callable[..., Any]) -> type[Args]:
    annotation: type[Args] = list(inspect.signature(method).parameters.values())[1].annotation
    return annotation
