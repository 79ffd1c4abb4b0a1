"""Topics: what a page may subscribe to, and what it may ask there.

Each app declares a topic consumer per kind of topic, and `realtime_project/routing.py` lists
them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, ParamSpec, TypeVar

import msgspec

from realtime_project.live.changes import Change, encode
from realtime_project.live.command import Command
from realtime_project.live.cursor import MAX_REPLAY_ROWS, Want
from realtime_project.live.database import in_database, write_in_database
from realtime_project.live.feed import Feed
from realtime_project.live.hub import Hub
from realtime_project.live.snapshot import SnapshotFeed
from realtime_project.live.subscription import Subscription

if TYPE_CHECKING:
    from realtime_project.live.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")
Params = Mapping[str, Any]
Heads = dict[str, tuple[int, bytes | None]]


@dataclass(frozen=True)
class Access:
    """What a person may see of a stream, read from the database at one moment."""

    rev: int
    floor: int = 0
    since: int = 0
    """Rows created before this rev are hidden: history begins with joining."""
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """The streams that this one's viewer follows: key, rev and head of each."""
    told: dict[str, Any] = field(default_factory=dict)
    """What the answer to subscribing says beside the rev."""


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
        """Return what the person may see of each topic; what is missing is not to be seen."""
        raise NotImplementedError

    @classmethod
    def join(cls, hub: Hub, key: str, subscription: Subscription) -> Feed | SnapshotFeed:
        """Register a subscription with the feed of this kind of topic."""
        raise NotImplementedError

    def tell_event(self, event: str, data: msgspec.Struct) -> None:
        """Send a volatile event to all who subscribe to this topic. It may be lost."""
        self.connection.hub.tell_event(self.key, event, encode(data))

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a query, off the event loop."""
        return await in_database(function, *args, **kwargs)

    async def write(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service that changes this topic's stream, off the event loop."""
        return await write_in_database(self.key, function, *args, **kwargs)


class StreamTopic(TopicConsumer):
    """A topic with a cursor and a replay: nothing of it is lost. Rooms, inboxes, `me`."""

    kind: ClassVar[str]
    """Of its streams: what their keys begin with."""
    max_replay_rows: ClassVar[int] = MAX_REPLAY_ROWS

    @classmethod
    def changes_many(cls, wants: Sequence[Want]) -> dict[Want, Change]:
        """Return what happened in each stream after a rev, for every viewer alike."""
        raise NotImplementedError

    @classmethod
    def heads_many(cls, keys: Iterable[str]) -> Heads:
        """Return how far each stream has come, and its head where it has one."""
        raise NotImplementedError

    @classmethod
    def state(cls, person: int, params: Params) -> State:
        """Return the state of the topic. Raises ObjectDoesNotExist for who may not see it."""
        raise NotImplementedError

    @classmethod
    def join(cls, hub: Hub, key: str, subscription: Subscription) -> Feed:
        subscription.max_replay_rows = cls.max_replay_rows
        return hub.subscribe(key, cls.load, subscription)

    @classmethod
    async def load(cls, key: str, after: int) -> Change:
        """Read one stream's changes from the database."""
        want = Want(key, after)
        return (await in_database(cls.changes_many, [want]))[want]


class SeriesTopic(StreamTopic):
    """A stream of frames that are numbered by their second or line. Who reads too slowly is not
    sent every frame that was missed, but loads the state, which holds them in fewer. Boards,
    logs."""

    max_replay_rows = 30


class SnapshotTopic(TopicConsumer):
    """A topic whose small state is shown whole, and of which only the latest counts. Who is
    here, counters. Somebody in the process keeps the state and lets the hub `show` how it
    changes."""

    @classmethod
    def whole(cls, hub: Hub, person: int) -> bytes:
        """Return all of it as a person may see it, as JSON."""
        raise NotImplementedError

    @classmethod
    def join(cls, hub: Hub, key: str, subscription: Subscription) -> SnapshotFeed:
        return hub.watch(key, partial(cls.whole, hub, subscription.person), subscription)
