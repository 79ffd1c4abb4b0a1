"""What a worker tells the supervisor that started it."""

import signal
import socket
from pathlib import Path

from tests.servers.installation import Installation

SECONDS = 60


def test_a_supervisor_hears_that_a_worker_listens_lives_and_goes(tmp_path: Path, new_installation):
    installation: Installation = new_installation()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
        supervisor.bind(str(tmp_path / "notify"))
        supervisor.settimeout(SECONDS)
        installation.settings |= {
            "NOTIFY_SOCKET": str(tmp_path / "notify"),
            "WATCHDOG_USEC": "400000",
        }

        with installation.served() as served:
            heard = {supervisor.recv(100) for _ in range(6)}
            assert heard == {b"READY=1", b"WATCHDOG=1"}

            # Its loop stands still, and so do its signs of life.
            assert served.process is not None
            served.process.send_signal(signal.SIGSTOP)
            drain_queue(supervisor)
            supervisor.settimeout(1)
            assert is_silent(supervisor)
            served.process.send_signal(signal.SIGCONT)

            supervisor.settimeout(SECONDS)
            served.process.send_signal(signal.SIGTERM)
            while supervisor.recv(100) != b"STOPPING=1":
                pass


def drain_queue(supervisor: socket.socket) -> None:
    supervisor.setblocking(False)
    while not is_silent(supervisor):
        pass


def is_silent(supervisor: socket.socket) -> bool:
    try:
        supervisor.recv(100)
    except (BlockingIOError, TimeoutError):
        return True
    return False
