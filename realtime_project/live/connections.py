"""Who is connected to this process: connections by session and by person."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from realtime_project.live.codes import CloseCode

if TYPE_CHECKING:
    from realtime_project.live.connection import Connection

K = TypeVar("K", str, int)


class Connections:
    """An index of connections, so that a revocation finds them, and so that it is known whom to
    ask about: people of whom something has changed are noted until somebody takes the note."""

    def __init__(self) -> None:
        self._by_session: dict[str, set[Connection]] = defaultdict(set)
        self._by_person: dict[int, set[Connection]] = defaultdict(set)
        self._touched: set[int] = set()
        self._kinds: Counter[str] = Counter()
        self.ended = 0
        """How many have ended so far."""

    def __iter__(self) -> "Iterator[Connection]":
        """Go through all of them, also while some of them end."""
        return iter([one for connections in self._by_person.values() for one in connections])

    def add(self, connection: "Connection") -> None:
        """Take in a connection."""
        self._by_session[connection.session].add(connection)
        self._by_person[connection.person].add(connection)
        self._kinds[connection.transport.kind] += 1
        self.touch(connection.person)

    def remove(self, connection: "Connection") -> None:
        """Forget a connection."""
        _discard(self._by_session, connection.session, connection)
        if connection in self._by_person.get(connection.person, ()):
            self._kinds[connection.transport.kind] -= 1
            self.ended += 1
        _discard(self._by_person, connection.person, connection)
        self.touch(connection.person)

    def __len__(self) -> int:
        return self._kinds.total()

    @property
    def kinds(self) -> Mapping[str, int]:
        """How many there are, by how frames leave the process."""
        return self._kinds

    @property
    def people(self) -> Collection[int]:
        """The people who are connected."""
        return self._by_person.keys()

    def of_person(self, person: int) -> "Collection[Connection]":
        """Return the connections of a person."""
        return self._by_person.get(person, ())

    def close_session(self, session: str, code: CloseCode, reason: str) -> int:
        """Close every connection of a session; returns how many there were."""
        return _close_all(self._by_session.get(session, ()), code, reason)

    def close_person(self, person: int, code: CloseCode, reason: str) -> int:
        """Close every connection of a person; returns how many there were."""
        return _close_all(self._by_person.get(person, ()), code, reason)

    def touch(self, person: int) -> None:
        """Note that something about how a person is here has changed."""
        self._touched.add(person)

    def take_touched(self) -> set[int]:
        """Return whom something has changed about since the last time."""
        touched, self._touched = self._touched, set()
        return touched


def _close_all(connections: "Iterable[Connection]", code: CloseCode, reason: str) -> int:
    # A copy: each that is closed leaves the index.
    closing = list(connections)
    for connection in closing:
        connection.close(code, reason)
    return len(closing)


def _discard(index: "dict[K, set[Connection]]", key: K, connection: "Connection") -> None:
    connections = index.get(key)
    if connections is not None:
        connections.discard(connection)
        if not connections:
            del index[key]
