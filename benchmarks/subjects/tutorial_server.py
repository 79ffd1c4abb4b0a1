"""The Channels tutorial's consumer on daphne, with either Redis layer."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.crowd import Dialect
from benchmarks.machine import SERVER_CORE, pinned
from benchmarks.subjects.subject import Running
from tests.servers.installation import ROOT
from tests.servers.process import accepts_connections, free_port, running
from tests.servers.valkey import serve_valkey

DIALECT = Dialect(path="/ws/chat/room/", post='{"message":"%t"}')
PACKAGE = "benchmarks.subjects.tutorial"


@contextmanager
def serve_tutorial(layer: str, people: int) -> Iterator[Running]:
    port = free_port()
    with serve_valkey() as valkey, tempfile.TemporaryDirectory(prefix="signalbox-bench-") as name:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "TUTORIAL_DATABASE": f"{name}/db.sqlite3",
            "TUTORIAL_LAYER": layer,
            "TUTORIAL_REDIS": valkey.url,
        }
        made = subprocess.run(
            [sys.executable, "-m", f"{PACKAGE}.prepare", str(people)],
            env=environment,
            capture_output=True,
            check=True,
        )
        command = [sys.executable, "-m", "daphne", "-p", str(port), f"{PACKAGE}.site:application"]
        with running(
            pinned(SERVER_CORE, command),
            log=Path(name) / "daphne.log",
            is_ready=lambda: accepts_connections(port),
            env=environment,
        ) as process:
            yield Running(process.pid, port, DIALECT, json.loads(made.stdout))
