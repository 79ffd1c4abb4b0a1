"""An installation of this project with a folder and a database of its own."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.servers.nursery import MANAGE, ROOT
from tests.servers.process import Command, free_port, running, start

__all__ = ["MANAGE", "ROOT", "Installation", "sqlite_in"]
# For what is done in a second or two where nothing else is.
COMMAND_SECONDS = 240


@dataclass
class Installation:
    """`url` is where it is served, `process` is there while it runs. `is_forked` says that its
    processes may come out of the nursery; where starting is what is tested they do not."""

    var: Path
    database_url: str
    port: int = field(default_factory=free_port)
    settings: dict[str, str] = field(default_factory=dict)
    log_name: str = "serve.log"
    is_prepared: bool = False
    is_forked: bool = True
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.var / self.log_name

    def manage(self, *arguments: str, seconds: float = COMMAND_SECONDS) -> str:
        """Run a management command on this installation and return what it printed."""
        process = self.starting(*arguments)
        with process:
            try:
                printed, complained = process.communicate(timeout=seconds)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            said = (printed + complained).decode(errors="replace")
            raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{said}")
        return printed.decode()

    def starting(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start a management command on this installation, and do not wait for it."""
        return start(
            [*MANAGE, *arguments], is_forked=self.is_forked, env=self.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "SIGNALBOX_VAR": str(self.var),
            "DATABASE_URL": self.database_url,
            **self.settings,
        }

    @contextmanager
    def served(self, *arguments: str, jobs: bool = False) -> Iterator["Installation"]:
        """Serve it. A process for jobs beside each server would cost more than the server."""
        options = ["--port", str(self.port), "--jobs" if jobs else "--no-jobs", *arguments]
        command: Command = [
            *MANAGE,
            "serve",
            *([] if self.is_prepared else ["--prepare"]),
            *options,
        ]
        with running(
            command,
            log=self.log,
            is_ready=self.answers,
            env=self.environment(),
            is_forked=self.is_forked,
        ) as self.process:
            yield self
        self.process = None

    @contextmanager
    def doing_jobs(
        self, command: Command = (*MANAGE, "jobs")
    ) -> "Iterator[subprocess.Popen[bytes]]":
        """Have a process of its own do the jobs."""
        log = self.var / "jobs.log"
        with running(
            command,
            log=log,
            is_ready=lambda: "Doing jobs" in log.read_text(),
            env=self.environment(),
            is_forked=self.is_forked,
        ) as process:
            yield process

    def answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/accounts/login/")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    def resident_bytes(self) -> int:
        """How much memory the server process takes."""
        if self.process is None:
            raise AssertionError(f"{self.url} is not served")
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def prepare(self) -> "Installation":
        """Do what every first start would do again: migrate, collect, hash and compress."""
        self.manage("prepare", self.url)
        self.is_prepared = True
        return self

    def copy_to(self, var: Path, database_url: str) -> "Installation":
        """A second installation that begins where this one stands."""
        shutil.copytree(self.var, var)
        return Installation(var, database_url, is_prepared=self.is_prepared)


def sqlite_in(var: Path) -> str:
    return f"sqlite:///{var}/db.sqlite3"
