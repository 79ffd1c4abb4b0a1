"""This project: `manage.py serve`, as somebody runs it who changed nothing."""

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from benchmarks.crowd import Dialect
from benchmarks.machine import SERVER_CORE, pinned
from benchmarks.subjects.subject import Running
from realtime_project.live.protocol import SUBPROTOCOL
from tests.servers.installation import MANAGE, ROOT, Installation, sqlite_in
from tests.servers.postgres import serve_postgres
from tests.servers.process import Command, running


@dataclass(frozen=True)
class Signalbox(Running):
    """A served installation. Everybody is in `rooms`, and a crowd subscribes to the first one."""

    installation: Installation = field(kw_only=True)
    rooms: Sequence[str] = ()


@dataclass(frozen=True)
class Prepared:
    """An installation with people, which is not served yet."""

    installation: Installation
    rooms: Sequence[str] = ()
    sessions: Sequence[str] = ()

    def with_people(self, people: int, rooms: int) -> Self:
        made = self.run(f"make_crowd({people}, {rooms})")
        return replace(self, **made)

    def say(self, room: str, posts: int) -> int:
        """Post while nobody is there; returns the room's rev."""
        return int(self.run(f"say({room!r}, {posts})"))

    def mention(self, times: int) -> int:
        """Mention the first of the crowd while nobody is there; returns the rev of their inbox."""
        return int(self.run(f"mention({times})"))

    def run(self, call: str) -> Any:
        """Call a function of `people` within the installation; returns what it printed."""
        script = f"from benchmarks.subjects import people; people.{call}"
        printed = self.installation.manage("shell", "--verbosity=0", "-c", script, seconds=300)
        return json.loads(printed)

    @contextmanager
    def served(
        self,
        *,
        cores: str = SERVER_CORE,
        command: Command = (*MANAGE, "serve"),
        port: int | None = None,
    ) -> Iterator[Signalbox]:
        installation = replace(self.installation, port=port or self.installation.port)
        command = [*command, "--port", str(installation.port)]
        with running(
            pinned(cores, command),
            log=installation.var / f"{installation.port}.log",
            is_ready=lambda: installation.answers() and _does_jobs(installation),
            env=installation.environment() | {"PYTHONPATH": str(ROOT)},
        ) as process:
            yield Signalbox(
                process.pid,
                installation.port,
                dialect_of(self.rooms[0]),
                self.sessions,
                installation=installation,
                rooms=self.rooms,
            )


def _does_jobs(installation: Installation) -> bool:
    """Whether the process beside the server, if there is one, has started too: that takes more
    than what many works measure, and is no part of it."""
    log = installation.var / f"{installation.port}.log"
    return "REDIS_URL" in installation.settings or "Doing jobs" in log.read_text()


@contextmanager
def prepared(
    people: int, *, rooms: int = 1, database: str = "sqlite", **settings: str
) -> Iterator[Prepared]:
    """Make an installation in which so many people share so many rooms."""
    with ExitStack() as stack:
        var = Path(stack.enter_context(TemporaryDirectory(prefix="signalbox-bench-")))
        url = sqlite_in(var)
        if database == "postgres":
            # One whose data is kept syncs each commit, unlike those of the tests.
            kept = Path(stack.enter_context(TemporaryDirectory(prefix="signalbox-bench-")))
            url = stack.enter_context(serve_postgres(kept)).create("bench")
        installation = Installation(var, url, settings=settings)
        for command in ("migrate", "createcachetable"):
            installation.manage(command, "--verbosity=0")
        installation.manage("collectstatic", "--no-input", "--verbosity=0")
        yield Prepared(installation).with_people(people, rooms)


@contextmanager
def serve(people: int) -> Iterator[Signalbox]:
    with prepared(people) as installation, installation.served() as server:
        yield server


def dialect_of(room: str, *, cursor: int | None = None) -> Dialect:
    return Dialect(
        path="/ws/",
        subprotocol=SUBPROTOCOL,
        greeting='"hello"',
        first=subscribing({room: cursor}),
        joined='"re":1',
        ping="{}",
        pong="{}",
        post=f'{{"id":2,"do":"message.post","topic":"{room}",'
        '"args":{"client_id":"%u","text":"%t"}}',
        answer='{"re":2,"ok"',
    )


def subscribing(topics: dict[str, int | None]) -> str:
    return json.dumps({"id": 1, "do": "subscribe", "topics": topics})
