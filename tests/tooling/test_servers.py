"""The servers that other tests stand on."""

import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest
import redis

from tests.servers.installation import ROOT
from tests.servers.nginx import serve_nginx
from tests.servers.postgres import Postgres
from tests.servers.process import free_port, is_alive, running
from tests.servers.requirements import required
from tests.servers.valkey import Valkey

A_RUN_WITH_A_SERVER = """
import sys, time
from pathlib import Path
from tests.servers.process import running
with running(["sleep", "60"], log=Path(sys.argv[1]), is_ready=lambda: True) as server:
    print(server.pid, flush=True)
    time.sleep(120)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's leash is Linux's")
def test_a_server_ends_when_its_run_is_killed(tmp_path: Path):
    command = [sys.executable, "-c", A_RUN_WITH_A_SERVER, str(tmp_path / "log")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as run:
        assert run.stdout is not None
        server = int(run.stdout.readline())
        # It is on its leash once setpriv has become the server itself.
        await_name(server, "sleep")

        run.send_signal(signal.SIGKILL)

        assert ends(server)


def test_a_server_that_does_not_start_says_why(tmp_path: Path):
    command = ["sh", "-c", "echo the port is taken; exit 1"]
    with (
        pytest.raises(AssertionError, match="the port is taken"),
        running(command, log=tmp_path / "log", is_ready=lambda: False),
    ):
        pass


def test_a_stopped_server_is_ended_too(tmp_path: Path):
    with running(["sleep", "60"], log=tmp_path / "log", is_ready=lambda: True) as server:
        server.send_signal(signal.SIGSTOP)

    assert server.returncode == -signal.SIGTERM


def test_valkey_begins_empty(valkey: Valkey):
    with redis.Redis.from_url(valkey.url) as client:
        assert client.dbsize() == 0


def test_postgres_makes_databases(postgres: Postgres):
    with psycopg.connect(postgres.create("tooling")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("as_file", [True, False], ids=["a file", "a text"])
def test_nginx_serves_a_site(as_file: bool, tmp_path: Path):
    port = free_port()
    site = f"server {{ listen 127.0.0.1:{port}; location / {{ return 200 here; }} }}"
    file = tmp_path / "site.conf"
    file.write_text(site)

    with required(), serve_nginx(file if as_file else site, port):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        answer = connection.getresponse().read()
        connection.close()

    assert answer == b"here"


def await_name(pid: int, name: str) -> None:
    deadline = time.monotonic() + 60
    while Path(f"/proc/{pid}/comm").read_text().strip() != name:
        assert time.monotonic() < deadline, f"process {pid} does not become {name}"
        time.sleep(0.01)


def ends(pid: int, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_alive(pid)
