"""Starts `manage.py` without the second that an interpreter needs to import what it stands on.

A process beside the tests has imported that once and nothing of ours; a command is a fork of it,
which takes on the environment, the arguments and the files of the command, and from then on is a
process like any other: a child of the tests, with a session of its own, on their leash.
"""

import atexit
import ctypes
import inspect
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from tests.servers.nursery_process import HEADER_BYTES

PR_SET_CHILD_SUBREAPER = 36  # <linux/prctl.h>
ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = (sys.executable, ROOT / "manage.py")
WORK = (sys.executable, "-m", "tests.work")
EXECUTE_CHILD: Any = getattr(subprocess.Popen, "_execute_child")  # noqa: B009 (mypy: not in typeshed)
HANDLES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")


class Nursery:
    """The process that is forked, while this object lives."""

    def __init__(self) -> None:
        self._orders, theirs = socket.socketpair()
        self._lock = Lock()
        # Without a word about settings: whatever asked for them would fail at once.
        environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.servers.nursery_process", str(handle)], cwd=ROOT,
                env=environment, pass_fds=[handle], stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip

    def bear(self, argv: Sequence[str], files: Sequence[int], **order: Any) -> int:
        """Return the process id of a new child of this process."""
        text = json.dumps({"argv": argv, "parent": os.getpid(), **order}).encode()
        with self._lock, taking_orphans():
            socket.send_fds(self._orders, [len(text).to_bytes(HEADER_BYTES)], files)
            self._orders.sendall(text)
            answer = self._orders.recv(HEADER_BYTES)
        if not answer:
            raise AssertionError("The nursery has ended; what it said is above.")
        return int.from_bytes(answer)

    def end(self) -> None:
        """It ends by itself when nobody can ask it any more."""
        self._orders.close()
        self._process.wait()


# `tests/plugin.py` opens it; what is measured by the benchmarks is started as everybody starts it.
is_open = False


def can_bear(command: Sequence[str | Path]) -> bool:
    is_ours = tuple(command[:2]) == MANAGE or tuple(command[:3]) == WORK
    return is_open and sys.platform == "linux" and is_ours


@cache
def nursery() -> Nursery:
    """The one of this process, started when it is first wanted."""
    made = Nursery()
    atexit.register(made.end)
    return made


class Forked(subprocess.Popen[bytes]):
    """A `Popen` in everything but how its process comes to be: `args` are the interpreter of the
    tests, a script or `-m` and a module, and arguments."""

    def __init__(self, args: Sequence[str | Path], *, stop: signal.Signals, **options: Any) -> None:
        self._stop = stop
        super().__init__([str(one) for one in args], **options)

    def _execute_child(self, *arguments: Any) -> None:
        asked = inspect.signature(EXECUTE_CHILD).bind(self, *arguments).arguments
        _interpreter, *argv = asked["args"]
        env, cwd = asked["env"], asked["cwd"]
        files = asked["p2cread"], asked["c2pwrite"], asked["errwrite"]
        try:
            self.pid = nursery().bear(
                argv,
                # -1: it has the same one as this process.
                [own if file == -1 else file for own, file in enumerate(files)],
                env=dict(os.environ if env is None else env),
                cwd=str(cwd or Path.cwd()),
                stop=int(self._stop),
            )
            self._child_created = True
        finally:
            self._close_pipe_fds(*(asked[name] for name in HANDLES))  # type: ignore[attr-defined]


@contextmanager
def taking_orphans() -> Iterator[None]:
    """Have the kernel give the orphans of processes below this one to it, and not to the first of
    all. Just as long as it takes: whose they are otherwise, tests should find them with."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    try:
        yield
    finally:
        prctl(PR_SET_CHILD_SUBREAPER, 0)
