"""Several workers of one installation, the broker between them, and what may happen to them."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Generic, TypeVar

from tests.servers.installation import Installation
from tests.servers.process import PATIENCE_SECONDS

T = TypeVar("T")

MAKE_ROOMS = """
import json
from tests.cast import make_person, make_room, sign_in
from tests.hashing import hash_passwords_fast
hash_passwords_fast()
people = [make_person(f"{prefix}{{number}}") for number in range({people})]
rooms = [make_room(*people, name=f"{prefix} {{number}}").key for number in range({rooms})]
print(json.dumps([rooms, [sign_in(person) for person in people]]))
"""


class Service(Generic[T]):
    """A server that can die and be started again. `is_up` says what a test did to it."""

    def __init__(self, serve: Callable[[], AbstractContextManager[T]]) -> None:
        self._serve = serve
        self._stack = ExitStack()
        self.is_up = False

    def start(self) -> T:
        running = self._stack.enter_context(self._serve())
        self.is_up = True
        return running

    def end(self) -> None:
        """End it as it wants to be ended, or clear away what is dead."""
        self.is_up = False
        self._stack.close()


class Worker(Service[Installation]):
    """One worker; all of a fleet share an installation."""

    def __init__(self, installation: Installation) -> None:
        super().__init__(installation.served)
        self.installation = installation

    def kill(self) -> None:
        """Kill -9: it can say nothing to anybody."""
        self.is_up = False
        self._process.kill()
        self._process.wait()

    def drain(self) -> None:
        """TERM, and wait until it has gone."""
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)
        self.is_up = False

    def replace(self) -> None:
        """Start it again on its port."""
        self.end()
        self.start()

    @property
    def _process(self) -> subprocess.Popen[bytes]:
        assert self.installation.process is not None
        return self.installation.process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def log(self) -> str:
        return self.installation.log.read_text(errors="replace")

    def until_logged(self, text: str, times: int = 1) -> None:
        """Wait until it has said something so often."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.log.count(text) < times:
            assert time.monotonic() < deadline, f"it never said {text!r}"
            time.sleep(0.05)

    @property
    def cpu_seconds(self) -> float:
        """How much of a processor it has used since it started."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def threads(self) -> int:
        return len(list(Path(f"/proc/{self._process.pid}/task").iterdir()))

    def descriptors(self, name: str) -> int:
        """How often it has a file open whose name holds this."""
        held = Path(f"/proc/{self._process.pid}/fd").iterdir()
        return sum(name in os.readlink(one) for one in held)

    @property
    def rss(self) -> int:
        """How much memory it has, in bytes."""
        lines = Path(f"/proc/{self._process.pid}/status").read_text().splitlines()
        [line] = [line for line in lines if line.startswith("VmRSS:")]
        return int(line.split()[1]) * 1024


class Fleet:
    """The workers of one installation."""

    def __init__(self, first: Installation, count: int, settings: Mapping[str, str]) -> None:
        first.settings |= settings
        self.database_url = first.database_url
        """By which a test looks into the database itself."""
        self.workers = [Worker(first)]
        for number in range(1, count):
            other = Installation(
                first.var, first.database_url, settings=first.settings, is_prepared=True
            )
            other.log_name = f"serve-{number}.log"
            self.workers.append(Worker(other))

    @property
    def open_workers(self) -> list[Installation]:
        """Where a balancer would send somebody."""
        up = [worker.installation for worker in self.workers if worker.is_up]
        return up or [self.workers[0].installation]

    @contextmanager
    def served(self) -> "Iterator[Fleet]":
        with ExitStack() as stack:
            for worker in self.workers:
                stack.callback(worker.end)
                worker.start()
            yield self

    def manage(self, *arguments: str) -> str:
        return self.workers[0].installation.manage(*arguments)

    def make_rooms(self, prefix: str, *, people: int, rooms: int) -> tuple[list[str], list[str]]:
        """Make people who are in some rooms together; returns the topics and the sessions."""
        script = MAKE_ROOMS.format(prefix=prefix, people=people, rooms=rooms)
        printed = self.manage("shell", "--verbosity=0", "-c", script)
        topics, sessions = json.loads(printed.splitlines()[-1])
        return topics, sessions
