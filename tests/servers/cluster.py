"""What deploy/ describes, on this machine: workers on unix sockets behind nginx, with its files."""

import re
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.servers.installation import MANAGE, ROOT, Installation
from tests.servers.nginx import Nginx, serve_nginx
from tests.servers.process import Command, leashed, running

FILES = ROOT / "deploy" / "nginx"
UNIT = ROOT / "deploy" / "systemd" / "signalbox@.service"
WORKERS = 3
START_SECONDS = 120
# As TimeoutStopSec of the unit: a drain ends by itself before that.
STOP_SECONDS = 45

Tell = Callable[[str], None]


@dataclass
class Cluster:
    """`installation` is what is served, as people see it: through nginx."""

    installation: Installation
    workers: list["Worker"]
    nginx: Nginx

    @property
    def url(self) -> str:
        return self.installation.url

    def upgrade(self) -> None:
        """Go over to a new release in the order that docs/deployment.md gives."""
        self.installation.manage("prepare")
        for worker in self.workers:
            worker.restart()


@contextmanager
def serve_cluster(
    folder: Path, port: int, database_url: str, broker_url: str, tell: Tell
) -> Iterator[Cluster]:
    """Serve the installation that is kept in `folder` at a port of this machine."""
    site = f"http://127.0.0.1:{port}"
    settings = {"REDIS_URL": broker_url, "SITE_URL": site, "STATIC_ROOT": str(folder / "static")}
    installation = Installation(folder, database_url, port, settings, is_forked=False)
    with ExitStack() as stack:
        # What a server has in /run; short, because the name of a socket has at most 107 bytes.
        run = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="signalbox-")))
        tell(installation.manage("prepare"))
        workers = [Worker(number, installation, run, tell) for number in range(1, WORKERS + 1)]
        stack.callback(end, workers)
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.await_readiness()
        beside = {"signalbox": site_files(run, port, folder / "static")}
        nginx = stack.enter_context(serve_nginx(FILES / "signalbox.conf", port, beside=beside))
        if "jobs" in installation.manage("help", "--commands").split():
            stack.enter_context(do_jobs(installation))
        yield Cluster(installation, workers, nginx)


def site_files(run: Path, port: int, static: Path) -> Path:
    """Make the folder /etc/nginx/signalbox of this machine: a site without TLS, our sockets."""
    target = run / "nginx"
    target.mkdir()
    for name in ("proxy.conf", "workers.conf"):
        text = (FILES / "signalbox" / name).read_text()
        (target / name).write_text(text.replace("/run/signalbox/", f"{run}/"))
    site = f"listen 127.0.0.1:{port};\nset $signalbox_static {static};\n"
    (target / "site.conf").write_text(site)
    return target


def do_jobs(installation: Installation) -> AbstractContextManager[object]:
    log = installation.var / "jobs.log"
    environment = installation.environment()
    return running(
        [*MANAGE, "jobs"], log=log, is_ready=lambda: True, env=environment, is_forked=False
    )


def end(workers: list["Worker"]) -> None:
    for worker in workers:
        worker.leave()
    for worker in workers:
        worker.stop()


@dataclass
class Worker:
    """One `manage.py serve`, started with the options that its unit gives it."""

    number: int
    installation: Installation
    run: Path
    tell: Tell
    process: "subprocess.Popen[str] | None" = None

    @property
    def socket(self) -> Path:
        return self.run / f"{self.number}.sock"

    def start(self) -> None:
        command: Command = [*MANAGE, *self.arguments()]
        self.process = subprocess.Popen(
            leashed(command, signal.SIGTERM), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=self.installation.environment(),
            start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._forward, args=[self.process], daemon=True).start()

    def arguments(self) -> list[str]:
        line: str
        [line] = re.findall(r"^ExecStart=\S+ manage.py (.*)$", UNIT.read_text(), re.MULTILINE)
        return line.replace("/run/signalbox/%i.sock", str(self.socket)).split()

    def await_readiness(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.status("/readyz") != 200:
            if self.process is None or self.process.poll() is not None:
                raise AssertionError(f"Worker {self.number} ended before it was ready.")
            if time.monotonic() > deadline:
                raise AssertionError(f"Worker {self.number} is not ready.")
            time.sleep(0.05)

    def leave(self) -> None:
        """Tell it to go."""
        if self.process is not None:
            self.process.terminate()

    def stop(self) -> None:
        """Tell it to go, and wait until its people are elsewhere."""
        if self.process is None:
            return
        self.leave()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()
        self.await_readiness()

    def status(self, path: str) -> int | None:
        """What it answers to somebody who asks on its own socket; None where nobody listens."""
        connection = HTTPConnection("localhost", timeout=20)
        try:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(self.socket))
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def _forward(self, process: "subprocess.Popen[str]") -> None:
        with process:
            for line in process.stdout or ():
                self.tell(f"worker {self.number} | {line.rstrip()}")
