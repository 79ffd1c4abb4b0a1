"""The jobs process beside a server: where there is no broker, one command runs everything."""

import logging
import subprocess
import sys
import time
from threading import Event, Thread

logger = logging.getLogger(__name__)

COMMAND = (sys.executable, sys.argv[0], "jobs", "--leashed")
LOOK_SECONDS = 0.5
# A little longer than it gives its own jobs.
FINISH_SECONDS = 12
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 60.0


class JobsProcess:
    """Keeps one running from `start` to `end`.

    It holds the other end of the process's standard input: when this process dies, however it
    dies, the kernel closes that end and the jobs process ends as well.
    """

    def __init__(self) -> None:
        self._ending = Event()
        # A thread and not the event loop: twisted and uvloop both want the signal of a child's
        # end for themselves.
        self._thread = Thread(target=self._keep_running, name="jobs-process", daemon=True)

    def start(self) -> None:
        """Start it, without waiting. More calls are fine: a server may listen in several places."""
        if not self._thread.is_alive() and not self._ending.is_set():
            self._thread.start()

    def end(self) -> None:
        """End it, once the jobs that run are done or 10 s have passed."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def _keep_running(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._ending.is_set():
            started = time.monotonic()
            self._run_once()
            if time.monotonic() - started > LONGEST_PAUSE_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self._ending.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    def _run_once(self) -> None:
        # In a session of its own: Ctrl-C in the terminal is for the server, which ends this.
        with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True) as process:  # noqa: S603 (our own command line)
            while process.poll() is None and not self._ending.wait(LOOK_SECONDS):
                pass
            if process.returncode is None:
                _end(process)
            else:
                logger.error("The jobs process ended with status %d", process.returncode)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(FINISH_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
