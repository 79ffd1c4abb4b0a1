"""Node's `ws` with Redis, and Socket.IO with its Redis adapter; `npm ci` into .tools/bench."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crowd import TOOLS, Dialect
from benchmarks.machine import SERVER_CORE, Command, pinned
from benchmarks.subjects.subject import Running
from tests.servers.process import NotInstalled, accepts_connections, free_port, running
from tests.servers.valkey import serve_valkey

SOURCES = Path(__file__).parent / "node"
WS = Dialect(path="/", post="%t")
# Engine.IO's packets: 0 open, 2 ping, 3 pong, 4 a message; in it 0 joins and 2 is an event.
SOCKET_IO = Dialect(
    path="/socket.io/?EIO=4&transport=websocket",
    greeting="0{",
    first="40",
    joined="40{",
    ping="2",
    pong="3",
    post='42["message","%t"]',
)


@contextmanager
def serve_node(script: str, dialect: Dialect) -> Iterator[Running]:
    port, folder = free_port(), installed()
    with serve_valkey() as valkey:
        command: Command = ["node", folder / script, str(port), valkey.url.removesuffix("/0")]
        with running(
            pinned(SERVER_CORE, command),
            log=folder / f"{script}.log",
            is_ready=lambda: accepts_connections(port),
        ) as process:
            yield Running(process.pid, port, dialect)


def installed() -> Path:
    """Install the packages beside a copy of the servers, where these find them."""
    if shutil.which("npm") is None:
        raise NotInstalled("Node.js with npm")
    folder = TOOLS / "node"
    lock = folder / "package-lock.json"
    is_new = not lock.exists() or lock.read_bytes() != (SOURCES / lock.name).read_bytes()
    shutil.copytree(SOURCES, folder, dirs_exist_ok=True)
    if is_new or not (folder / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit"], cwd=folder, check=True)
    return folder
