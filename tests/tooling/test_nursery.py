"""What comes out of the nursery is a process like those that everybody starts."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import NewInstallation
from tests.servers.installation import ROOT, Installation, sqlite_in
from tests.servers.nursery import Forked
from tests.servers.process import becomes, is_alive, start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the nursery is Linux's")

TELL = """
import json, os, signal, sys, threading
from django.conf import settings
print(json.dumps([
    sys.argv[1], os.getppid(), os.getsid(0) == os.getpid(), os.getcwd(), str(settings.VAR),
    os.environ.get("ONLY_HERE"), sys.stdin.read(), threading.active_count(),
    signal.getsignal(signal.SIGINT) is signal.default_int_handler, sys.path[0],
]))
print("a complaint", file=sys.stderr)
"""
A_RUN_WITH_A_COMMAND = """
import sys, time
from tests.servers import nursery
from tests.servers.process import start
nursery.is_open = True
script = "import time; print('here', flush=True); time.sleep(120)"
with open(sys.argv[1], "wb") as log:
    child = start([*nursery.MANAGE, "shell", "--no-imports", "-c", script], stdout=log)
print(child.pid, flush=True)
time.sleep(120)
"""
ENDLESS = "import time; print('here', flush=True); time.sleep(120)"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    return Installation(tmp_path, sqlite_in(tmp_path), settings={"ONLY_HERE": "it is"})


@pytest.mark.parametrize("is_forked", [True, False], ids=["forked", "started"])
def test_a_command_finds_what_it_would_find_otherwise(installation: Installation, is_forked: bool):
    installation.is_forked = is_forked

    with installation.starting("shell", "--no-imports", "-c", TELL) as process:
        printed, complained = process.communicate()

    assert isinstance(process, Forked) == is_forked
    expected = [
        "shell", os.getpid(), True, os.getcwd(), str(installation.var), "it is", "", 1,
        is_interruptible(), str(ROOT),
    ]  # fmt: skip
    assert json.loads(printed) == expected
    assert complained == b"a complaint\n"
    assert process.returncode == 0


def is_interruptible() -> bool:
    """Whether an interrupt means anything here: a shell has its background jobs ignore it."""
    return signal.getsignal(signal.SIGINT) is not signal.SIG_IGN


def test_how_it_ends_is_known(installation: Installation):
    with installation.starting("shell", "--no-imports", "-c", "raise SystemExit(3)") as process:
        process.communicate()
    assert process.returncode == 3

    with pytest.raises(AssertionError, match="ZeroDivisionError"):
        installation.manage("shell", "--no-imports", "-c", "1 / 0")


def test_it_can_be_signalled_and_waited_for(installation: Installation):
    with endless(installation) as process:
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.05)

        process.terminate()

        assert process.wait() == -signal.SIGTERM
        assert not is_alive(process.pid)


def test_two_share_nothing(installation: Installation):
    with endless(installation) as one, endless(installation) as other:
        assert one.pid != other.pid
        one.kill()
        assert one.wait() == -signal.SIGKILL
        assert other.poll() is None


@contextmanager
def endless(installation: Installation) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that has begun, and would go on for long."""
    with installation.starting("shell", "--no-imports", "-c", ENDLESS) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"here\n"
        yield process
        process.kill()


def test_it_ends_when_its_run_is_killed(tmp_path: Path):
    command = [sys.executable, "-c", A_RUN_WITH_A_COMMAND, str(tmp_path / "log")]
    environment = os.environ | {"SIGNALBOX_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment, start_new_session=True
    ) as run:
        assert run.stdout is not None
        child = int(run.stdout.readline())
        assert is_alive(child)

        run.send_signal(signal.SIGKILL)

        assert becomes(lambda: not is_alive(child))


def test_only_our_own_commands_are_forked(tmp_path: Path):
    for command in (["true"], [sys.executable, "-c", ""], [sys.executable, "-m", "json.tool"]):
        with start(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            assert not isinstance(process, Forked)
            process.kill()


def test_what_is_served_starts_without_it_as_well(new_installation: NewInstallation):
    """The way that users go: prepare, serve, a process for jobs, and a command beside them."""
    installation = new_installation()
    installation.is_forked = False
    installation.prepare()

    with installation.served(), installation.doing_jobs() as jobs:
        assert not isinstance(installation.process, Forked)
        assert not isinstance(jobs, Forked)
        assert "accounts.end_expired_sessions" in installation.manage("jobs", "--list")
