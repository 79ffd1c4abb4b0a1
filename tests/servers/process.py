"""Child processes that answer before they are used and cannot outlive the test run."""

import pwd
import random
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.servers import nursery

# For what a fast machine does in a moment: a server that shares two processors with two dozen
# others may take twenty times as long, and is not broken.
PATIENCE_SECONDS = 90
# Below the range that outgoing connections take their ports from.
PORTS = range(20_000, 32_000)

Command = Sequence[str | Path]


class NotInstalled(Exception):
    """A server or browser that tests need is not on this machine; the message names it."""


@contextmanager
def running(
    command: Command,
    *,
    log: Path,
    is_ready: Callable[[], bool],
    stop: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    env: Mapping[str, str] | None = None,
    is_forked: bool = True,
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = start(
            command, stop=stop, user=user, is_forked=is_forked, env=env, stdout=output,
            stderr=output,
        )  # fmt: skip
    try:
        await_readiness(process, is_ready, log)
        yield process
    finally:
        end(process, stop)


def start(
    command: Command,
    *,
    stop: signal.Signals = signal.SIGKILL,
    user: str | None = None,
    is_forked: bool = True,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a command that ends with the tests; our own by the nursery, if it may be forked."""
    if is_forked and nursery.can_bear(command):
        return nursery.Forked(command, stop=stop, stdin=subprocess.DEVNULL, **options)
    return subprocess.Popen(
        leashed(command, stop, user), stdin=subprocess.DEVNULL, start_new_session=True, **options
    )


def leashed(command: Command, stop: signal.Signals, user: str | None = None) -> Command:
    """The command, told by the kernel to stop when its parent is gone, however that died."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return command
    identity = [f"--reuid={user}", f"--regid={group_of(user)}", "--clear-groups"] if user else []
    return [setpriv, f"--pdeathsig={stop.name.removeprefix('SIG')}", *identity, "--", *command]


def group_of(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


def await_readiness(
    process: subprocess.Popen[bytes], is_ready: Callable[[], bool], log: Path
) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"{process.args!r} did not start:\n{tail(log)}")
        time.sleep(0.02)


def end(process: subprocess.Popen[bytes], stop: signal.Signals) -> None:
    # A stopped process (a test's SIGSTOP) would never see the other signal.
    for number in (stop, signal.SIGCONT):
        process.send_signal(number)
    try:
        process.wait(timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def becomes(true: Callable[[], bool]) -> bool:
    """Wait for something that comes true by and by; False when it did not."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def tail(log: Path, lines: int = 40) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet does not."""
    try:
        facts = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    state = facts.rpartition(")")[2].split()[0]
    return state not in {"Z", "X"}


def free_port() -> int:
    for port in random.sample(PORTS, k=50):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("50 ports in a row were taken")


def accepts_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
