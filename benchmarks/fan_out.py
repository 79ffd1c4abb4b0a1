"""`make bench`: what one delivery of a durable message costs the server.

The whole product path: a post is stored, numbered, rendered and told to everybody in the room.
Server and crowd each have a core of their own. Writes benchmarks/results.json.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers.installation import ROOT, Installation, sqlite_in
from tests.servers.process import Command, running
from tests.wire import make_people

HERE = Path(__file__).parent
SOCKETS = (100, 500)
POSTS = 300
RATE = 50.0
PEOPLE = 60


def main() -> None:
    rows = []
    for subject in ("signalbox", "signalbox on plain daphne"):
        for sockets in SOCKETS:
            rows += measure(subject, sockets)
    machine = {"cpu": processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    (HERE / "results.json").write_text(json.dumps({"machine": machine, "rows": rows}, indent=1))
    for row in rows:
        sys.stdout.write(
            f"{row['subject']:28} {row['sockets']:5} {row['metric']:22} {row['value']:8.1f}\n"
        )


def measure(subject: str, sockets: int) -> list[dict[str, object]]:
    with tempfile.TemporaryDirectory() as folder, served(subject, Path(folder)) as installation:
        names = [f"person{number}" for number in range(PEOPLE)]
        room, sessions = make_people(installation, *names)
        assert installation.process is not None
        server = installation.process.pid
        with crowd(installation, room, sockets) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(sessions) + "\n")
            process.stdin.flush()
            assert process.stdout.readline() == "ready\n"
            before = cpu_seconds(server)
            process.stdin.write("go\n")
            process.stdin.flush()
            heard = json.loads(process.stdout.readline())
            used = cpu_seconds(server) - before
    deliveries = heard["deliveries"]
    assert deliveries == POSTS * sockets, f"{deliveries} of {POSTS * sockets} arrived"
    figures = {
        "cpu_us_per_delivery": used / deliveries * 1e6,
        "cpu_us_per_post": used / POSTS * 1e6,
        "crowd_us_per_delivery": heard["crowd_cpu"] / deliveries * 1e6,
    }
    return [
        {"work": "fan-out", "subject": subject, "sockets": sockets, "metric": name, "value": value}
        for name, value in figures.items()
    ]


@contextmanager
def served(subject: str, folder: Path) -> Iterator[Installation]:
    installation = Installation(folder / "var", sqlite_in(folder / "var"))
    installation.var.mkdir()
    for command in ("migrate", "createcachetable"):
        installation.manage(command, "--verbosity=0")
    with running(
        ["taskset", "-c", "0", *commands(subject, installation.port)],
        log=installation.log,
        is_ready=installation.answers,
        env=installation.environment() | {"PYTHONPATH": str(ROOT)},
    ) as installation.process:
        yield installation


def commands(subject: str, port: int) -> Command:
    if subject == "signalbox":
        return [sys.executable, ROOT / "manage.py", "serve", "--port", str(port)]
    application = "realtime_project.asgi:application"
    return [sys.executable, "-m", "daphne", "-p", str(port), application]


@contextmanager
def crowd(installation: Installation, room: str, sockets: int) -> Iterator["subprocess.Popen[str]"]:
    options = {
        "--port": installation.port,
        "--room": room,
        "--sockets": sockets,
        "--posts": POSTS,
        "--rate": RATE,
    }
    words = [str(word) for pair in options.items() for word in pair]
    with subprocess.Popen(
        ["taskset", "-c", "1", sys.executable, HERE / "crowd.py", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def cpu_seconds(pid: int) -> float:
    """User and system time of a process with all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


if __name__ == "__main__":
    main()
