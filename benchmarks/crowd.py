"""The load generator: a C program that opens many sockets, built by the run and told what to do
line by line. It speaks to every subject, because they differ in a few texts only."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import LOAD_CORE, Command, pinned
from tests.servers.installation import ROOT
from tests.servers.process import NotInstalled

SOURCES = Path(__file__).parent / "load"
TOOLS = ROOT / ".tools" / "bench"
AT_ONCE = 64

Heard = dict[str, Any]


@dataclass(frozen=True)
class Dialect:
    """What is said to a server and heard from it; see `load/crowd.h`."""

    path: str
    post: str
    subprotocol: str = ""
    greeting: str = ""
    first: str = ""
    joined: str = ""
    ping: str = ""
    pong: str = ""
    answer: str = ""


class Crowd:
    """Sockets of one subject. What each method returns is what was counted meanwhile."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self._process = process
        self._port = port
        self._sockets = 0

    def open(self, count: int, *, at_once: int = AT_ONCE, port: int | None = None) -> Heard:
        """Open more sockets, and those that were dropped; wait until all are live."""
        heard = self._do(f"open {count} {at_once} {port or self._port}")
        self._sockets += count
        self._expect(heard["live"] == self._sockets, f"only {heard['live']} sockets are live")
        return heard

    def post(self, count: int, per_second: float, *, unheard: int = 0) -> Heard:
        """Post evenly, and wait until everybody but `unheard` has heard all of it."""
        heard = self._do(f"post {count} {per_second} {unheard}")
        expected = count * (heard["live"] - unheard)
        self._expect(heard["deliveries"] >= expected, f"{heard['deliveries']} of {expected} came")
        return heard

    def flood(self, each: int) -> Heard:
        """Let every socket post so often, the next one when the last one is stored."""
        heard = self._do(f"flood {each}")
        self._expect(heard["answers"] == heard["posts"], f"{heard['answers']} were answered")
        return heard

    def drop(self) -> None:
        """Cut every socket at once."""
        self._do("drop")

    def stall(self, count: int) -> None:
        """Let so many of the sockets read nothing any more."""
        self._do(f"stall {count}")

    def change(self, **words: str) -> None:
        """Change what those say and wait for who are opened from now on: parts of a Dialect."""
        for name, text in words.items():
            self._do(f"{name}={text}")

    def _do(self, line: str) -> Heard:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the load generator has no pipes")
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        heard: Heard = json.loads(self._process.stdout.readline() or "null")
        if heard is None:
            raise RuntimeError(f"the load generator ended at: {line}")
        return heard

    def _expect(self, is_so: bool, complaint: str) -> None:
        if not is_so:
            raise RuntimeError(complaint)


@contextmanager
def crowd(
    dialect: Dialect,
    port: int,
    sessions: Sequence[str] = (),
    *,
    cores: str = LOAD_CORE,
    large: str = "",
    large_every: int = 0,
) -> Iterator[Crowd]:
    """A crowd for one subject. `large` is the text of every so many posts, as it stands within
    a JSON string."""
    options = asdict(dialect)
    with tempfile.TemporaryDirectory(prefix="signalbox-bench-") as folder:
        for name, text in {"cookies": "\n".join(sessions), "large": large}.items():
            if text:
                options[name] = Path(folder) / name
                options[name].write_text(text)
        words = [f"{name}={value}" for name, value in options.items()]
        command: Command = [build(), *words, f"large_every={large_every}"]
        with subprocess.Popen(
            pinned(cores, command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield Crowd(process, port)
            finally:
                process.kill()


def build() -> Path:
    """Compile the generator, unless it is newer than its sources."""
    if shutil.which("cc") is None:
        raise NotInstalled("a C compiler")
    program = TOOLS / "load"
    sources = sorted(SOURCES.iterdir())
    if not program.exists() or program.stat().st_mtime < max(s.stat().st_mtime for s in sources):
        TOOLS.mkdir(parents=True, exist_ok=True)
        files = [source for source in sources if source.suffix == ".c"]
        subprocess.run(["cc", "-O2", "-std=gnu11", "-Wall", "-o", program, *files], check=True)
    return program
