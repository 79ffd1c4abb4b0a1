"""A server under the benchmark, and how one speaks to it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from benchmarks.crowd import Crowd, Dialect, crowd
from benchmarks.machine import cpu_seconds, rss_kib


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    pid: int
    port: int
    dialect: Dialect
    sessions: Sequence[str] = ()

    @contextmanager
    def crowd(self) -> Iterator[Crowd]:
        with crowd(self.dialect, self.port, self.sessions) as sockets:
            yield sockets

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.pid)

    def rss_kib(self) -> int:
        return rss_kib(self.pid)


@dataclass(frozen=True)
class Subject:
    """What is measured, by the name that it has in the tables. `serve` starts it for so many
    people, and raises NotInstalled where it is not there."""

    name: str
    serve: Callable[[int], AbstractContextManager[Running]]
    is_slow: bool = False
    """Thousands of sockets would take minutes: it is measured with 500 only."""
